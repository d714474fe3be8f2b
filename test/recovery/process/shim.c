/*
 * LD_PRELOAD shim of the crash harness. Counts the calls of one process over all its threads by class,
 * kills it or fails a call at the k-th of a class, and writes what reached the disk and the sockets to a
 * trace in the order in which it happened.
 *
 * ANJ_CONTROL  a file of `struct control`, mapped shared: the harness arms and reads it at run time
 * ANJ_ROOT     only files below this folder are counted and traced
 * ANJ_CHIP     set in the child of core that writes chips: it counts the frames to a chip, nothing else,
 *              and whom it kills is core
 * ANJ_TRACE    optional; see trace.ts for its format
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { SYNC, WRITE, SEND, DEVICE, CHIP, CLASSES };
enum { OFF, KILL_BEFORE, KILL_AFTER, FAIL_ONCE, FAIL_ON };

struct control {
  uint32_t class, mode;
  uint64_t at;
  uint32_t error, fired;
  uint64_t counts[CLASSES];
};

static struct control *control;
/* The same page in the child that counts frames to a chip, where `control` stays NULL. */
static struct control *chip;
static pid_t core;
static char root[512];
static int trace = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void start(void) {
  char exe[512] = "";
  const char *path = getenv("ANJ_CONTROL"), *dir = getenv("ANJ_ROOT"), *log = getenv("ANJ_TRACE");
  if (readlink("/proc/self/exe", exe, sizeof exe - 1) < 0 || strstr(exe, "node") == NULL) return;
  int counts_chip = getenv("ANJ_CHIP") != NULL;
  if (path == NULL || (dir == NULL && !counts_chip)) return;
  int fd = open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) { perror("shim: ANJ_CONTROL"); _exit(71); }
  void *map = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (map == MAP_FAILED) { perror("shim: mmap"); _exit(71); }
  if (counts_chip) {
    chip = map;
    core = getppid();
    return;
  }
  snprintf(root, sizeof root, "%s", dir);
  if (log != NULL) trace = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  control = map;
}

static int is_socket(int fd) {
  struct stat st;
  return fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode);
}

/* Path of a descriptor relative to the root; NULL for anything outside it. */
static const char *below(int fd, char *buf, size_t size) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, buf, size - 1);
  size_t len = strlen(root);
  if (n < 0 || (size_t)n < len || strncmp(buf, root, len) != 0) return NULL;
  buf[n] = 0;
  return buf[len] == '/' ? buf + len + 1 : buf[len] == 0 ? "." : NULL;
}

/* One record: "op path offset length\n", the bytes, "\n". */
static void note(const char *op, const char *path, long long offset, const void *data, size_t size) {
  if (trace < 0) return;
  char head[700];
  int n = snprintf(head, sizeof head, "%s %s %lld %zu\n", op, path, offset, size);
  struct iovec parts[] = {{head, (size_t)n}, {(void *)data, size}, {"\n", 1}};
  REAL(writev)(trace, parts, 3);
}

/* Counts a call. 0: carry on; 1: carry on, then die; -1: fail with the armed error. */
static int meet(int class) {
  uint64_t n = ++control->counts[class];
  if (control->mode == OFF || control->class != (uint32_t)class) return 0;
  if (n != control->at && !(control->mode == FAIL_ON && n > control->at)) return 0;
  control->fired = 1;
  if (control->mode == KILL_AFTER) return 1;
  if (control->mode != KILL_BEFORE) { errno = (int)control->error; return -1; }
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

static void die_if(int verdict) {
  if (verdict != 1) return;
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/* Under the lock: the order of the trace is the order of the calls. */
#define GUARDED(fail, class, call, record)                   \
  do {                                                       \
    pthread_mutex_lock(&lock);                               \
    int verdict = meet(class), saved = errno;                \
    long long result = verdict < 0 ? (fail) : (call);        \
    if (verdict >= 0) saved = errno;                         \
    if (result >= 0) { record; }                             \
    die_if(verdict);                                         \
    pthread_mutex_unlock(&lock);                             \
    errno = saved;                                           \
    return result;                                           \
  } while (0)

#include "shim-calls.h"

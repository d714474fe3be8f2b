/* The calls themselves. Each is the C library's, counted and traced where it concerns the harness. */

static const char COMMAND[] = "{\"type\":\"command\"";
static const char APDU[] = "{\"apduHex\":";
enum { SAID = 400 };

static int begins_with(const struct iovec *part, const char *text) {
  size_t n = strlen(text);
  return part->iov_len > n && memcmp(part->iov_base, text, n) == 0;
}

/* A frame to a device host counts at its first byte. */
static int class_of(const struct iovec *parts, int count) {
  for (int i = 0; i < count; i++)
    if (begins_with(&parts[i], COMMAND)) return DEVICE;
  return SEND;
}

static void note_send(int class, const struct iovec *parts, int count) {
  for (int i = 0; i < count; i++) {
    size_t size = parts[i].iov_len < SAID ? parts[i].iov_len : SAID;
    note(class == SEND ? "send" : "command", "-", 0, parts[i].iov_base, size);
  }
}

static ssize_t send_parts(int fd, const struct iovec *parts, int count) {
  int class = class_of(parts, count);
  if (class == DEVICE) {
    /* A command is a send too, so that the enumeration of sends is whole. */
    pthread_mutex_lock(&lock);
    int verdict = meet(DEVICE);
    if (verdict == 1) {
      note_send(class, parts, count);
      REAL(writev)(fd, parts, count);
      die_if(verdict);
    }
    pthread_mutex_unlock(&lock);
  }
  GUARDED(-1, SEND, REAL(writev)(fd, parts, count), note_send(class, parts, count));
}

/* A frame to a chip, in the child of core that holds the document: core dies before or after it was said. */
static ssize_t say_to_chip(int fd, const struct iovec *parts, int count) {
  if (!begins_with(&parts[0], APDU)) return REAL(writev)(fd, parts, count);
  int reached = ++chip->counts[CHIP] == chip->at && chip->class == CHIP && getppid() == core;
  int before = reached && chip->mode == KILL_BEFORE, after = reached && chip->mode == KILL_AFTER;
  if (before || after) chip->fired = 1;
  if (before) kill(core, SIGKILL);
  ssize_t result = REAL(writev)(fd, parts, count);
  int saved = errno;
  if (after) kill(core, SIGKILL);
  errno = saved;
  return result;
}

/* The log on stdout and stderr is nobody's answer. */
static int is_talk(int fd) { return fd > 2 && is_socket(fd); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (chip != NULL && is_talk(fd)) return say_to_chip(fd, parts, count);
  if (control == NULL || !is_talk(fd)) return REAL(writev)(fd, parts, count);
  return send_parts(fd, parts, count);
}

ssize_t write(int fd, const void *data, size_t size) {
  char buf[600];
  if (chip != NULL && is_talk(fd))
    return say_to_chip(fd, &(struct iovec){(void *)data, size}, 1);
  if (control == NULL) return REAL(write)(fd, data, size);
  if (is_talk(fd)) return send_parts(fd, &(struct iovec){(void *)data, size}, 1);
  const char *path = below(fd, buf, sizeof buf);
  if (path == NULL) return REAL(write)(fd, data, size);
  GUARDED(-1, WRITE, REAL(write)(fd, data, size), note("append", path, 0, data, (size_t)result));
}

ssize_t send(int fd, const void *data, size_t size, int flags) {
  if (control == NULL) return REAL(send)(fd, data, size, flags);
  GUARDED(-1, SEND, REAL(send)(fd, data, size, flags),
          note_send(SEND, &(struct iovec){(void *)data, size}, 1));
}

ssize_t sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *to,
               socklen_t length) {
  if (control == NULL) return REAL(sendto)(fd, data, size, flags, to, length);
  GUARDED(-1, SEND, REAL(sendto)(fd, data, size, flags, to, length),
          note_send(SEND, &(struct iovec){(void *)data, size}, 1));
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  if (control == NULL) return REAL(sendmsg)(fd, message, flags);
  GUARDED(-1, SEND, REAL(sendmsg)(fd, message, flags),
          note_send(SEND, message->msg_iov, (int)message->msg_iovlen));
}

#define PWRITE(name, offset_type)                                                       \
  ssize_t name(int fd, const void *data, size_t size, offset_type offset) {             \
    char buf[600];                                                                      \
    const char *path = control == NULL ? NULL : below(fd, buf, sizeof buf);             \
    if (path == NULL) return REAL(name)(fd, data, size, offset);                        \
    GUARDED(-1, WRITE, REAL(name)(fd, data, size, offset),                              \
            note("pwrite", path, (long long)offset, data, (size_t)result));             \
  }
PWRITE(pwrite64, off64_t)
PWRITE(pwrite, off_t)

#define FLUSH(name)                                                                     \
  int name(int fd) {                                                                    \
    char buf[600];                                                                      \
    const char *path = control == NULL ? NULL : below(fd, buf, sizeof buf);             \
    if (path == NULL) return REAL(name)(fd);                                            \
    GUARDED(-1, SYNC, REAL(name)(fd), note("sync", path, 0, "", 0));                    \
  }
FLUSH(fsync)
FLUSH(fdatasync)

#define TRUNCATE(name, offset_type)                                                     \
  int name(int fd, offset_type size) {                                                  \
    char buf[600];                                                                      \
    const char *path = control == NULL ? NULL : below(fd, buf, sizeof buf);             \
    if (path == NULL) return REAL(name)(fd, size);                                      \
    pthread_mutex_lock(&lock);                                                          \
    int result = REAL(name)(fd, size), saved = errno;                                   \
    if (result == 0) note("truncate", path, (long long)size, "", 0);                    \
    pthread_mutex_unlock(&lock);                                                        \
    errno = saved;                                                                      \
    return result;                                                                      \
  }
TRUNCATE(ftruncate64, off64_t)
TRUNCATE(ftruncate, off_t)

static int is_below(const char *path) {
  size_t n = strlen(root);
  return control != NULL && strncmp(path, root, n) == 0 && path[n] == '/';
}

int unlink(const char *path) {
  if (!is_below(path)) return REAL(unlink)(path);
  pthread_mutex_lock(&lock);
  int result = REAL(unlink)(path), saved = errno;
  if (result == 0) note("unlink", path + strlen(root) + 1, 0, "", 0);
  pthread_mutex_unlock(&lock);
  errno = saved;
  return result;
}

int rename(const char *from, const char *to) {
  if (!is_below(from) || !is_below(to)) return REAL(rename)(from, to);
  pthread_mutex_lock(&lock);
  int result = REAL(rename)(from, to), saved = errno;
  const char *target = to + strlen(root) + 1;
  if (result == 0) note("rename", from + strlen(root) + 1, 0, target, strlen(target));
  pthread_mutex_unlock(&lock);
  errno = saved;
  return result;
}

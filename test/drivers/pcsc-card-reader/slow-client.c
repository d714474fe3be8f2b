/* Makes the moment long in which the PC/SC client is about to wait for a change and cannot be cancelled yet.
   Makes the file named by SLOWED each time. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ABOUT_TO_WAIT_US 100000

/* Header of CMD_WAIT_READER_STATE_CHANGE to pcscd: no bytes follow, and its number. */
static const unsigned int wait_for_change[2] = { 0, 0x13 };

ssize_t send(int to, const void *bytes, size_t length, int flags)
{
	static ssize_t (*real)(int, const void *, size_t, int);

	if (real == 0)
		real = (ssize_t (*)(int, const void *, size_t, int))dlsym(RTLD_NEXT, "send");
	if (length == sizeof wait_for_change && memcmp(bytes, wait_for_change, length) == 0) {
		close(creat(getenv("SLOWED"), 0600));
		usleep(ABOUT_TO_WAIT_US);
	}
	return real(to, bytes, length, flags);
}

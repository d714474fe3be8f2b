/* A device at the other end of a pseudo terminal that sends back whatever it gets, and the fastest exchange with it
   that a program can have. Prints the terminal's name. With an argument it talks to itself: for each number
   that it reads it makes so many exchanges of 32 bytes, and prints the nanoseconds of each. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define FRAME_BYTES 32

static void must(int good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(1);
}

static void echo(int device)
{
	char bytes[256];

	for (;;) {
		ssize_t length = read(device, bytes, sizeof bytes);
		if (length <= 0)
			exit(0);
		must(write(device, bytes, length) == length, "write");
	}
}

static long exchange(int line)
{
	char frame[FRAME_BYTES] = {2};
	struct timespec began, ended;

	clock_gettime(CLOCK_MONOTONIC, &began);
	must(write(line, frame, FRAME_BYTES) == FRAME_BYTES, "write");
	for (ssize_t got = 0; got < FRAME_BYTES;) {
		ssize_t more = read(line, frame, FRAME_BYTES - got);
		must(more > 0, "read");
		got += more;
	}
	clock_gettime(CLOCK_MONOTONIC, &ended);
	return (ended.tv_sec - began.tv_sec) * 1000000000L + ended.tv_nsec - began.tv_nsec;
}

int main(int argc, char **argv)
{
	(void)argv;
	int device = posix_openpt(O_RDWR | O_NOCTTY);
	must(device >= 0 && grantpt(device) == 0 && unlockpt(device) == 0, "pty");
	char *name = ptsname(device);
	/* Held open, so that the echo does not end before anybody has come, or between two who do. */
	int line = open(name, O_RDWR | O_NOCTTY);
	struct termios raw;
	must(line >= 0 && tcgetattr(line, &raw) == 0, name);
	cfmakeraw(&raw);
	must(tcsetattr(line, TCSANOW, &raw) == 0, name);
	printf("%s\n", name);
	fflush(stdout);
	if (argc < 2)
		echo(device);

	pid_t child = fork();
	must(child >= 0, "fork");
	if (child == 0) {
		close(line);
		echo(device);
	}
	close(device);
	int count;
	while (scanf("%d", &count) == 1) {
		while (count-- > 0)
			printf("%ld ", exchange(line));
		printf("\n");
		fflush(stdout);
	}
	return 0;
}

/*
 * Pid 1 of a pid namespace that was created: the library's own file, executed. It is loaded
 * without ld.so or libc, so a start costs little and what stays is a few pages; and there is no
 * second file to be found. Nothing here may need a relocation, or a function of anybody's.
 *
 * Descriptor 0 is a pipe. Who placed the program holds the other end: its end of file says that
 * the program is started; a byte before says that he stays, as a monitor, and that all has to end
 * with him. The program is pid 2, the first that was born after this one.
 */
#define _GNU_SOURCE
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "shim/init.h"
#include "shim/machine.h"

#if defined __has_attribute
#if __has_attribute(no_stack_protector)
#define BARE __attribute__((no_stack_protector)) /* its canary is in memory that libc sets up */
#endif
#endif
#ifndef BARE
#define BARE
#endif

__asm__(MACHINE_ENTRY("nsshim_init", "init_main"));

#define call machine_call

enum { PROGRAM = 2 };

/* As rt_sigaction(2) takes it: the handler, and what may stay empty where that is no function. */
static const unsigned long ignore[8] = { 1 /* SIG_IGN */ };
enum { SET = 8 /* bytes of a set of signals */ };

_Noreturn BARE static void end(int status)
{
	for (;;)
		call(SYS_exit_group, status, 0, 0, 0);
}

BARE static long wait_for(struct pollfd *fds, long n, long milliseconds)
{
	long rc;

	do {
		long time[2] = { 0, milliseconds * 1000000 }; /* the kernel takes off what passes */

		rc = call(SYS_ppoll, (long)fds, n, milliseconds < 0 ? 0 : (long)time, 0);
	} while (rc < 0);
	return rc;
}

/* Before Linux 5.9, and under a filter: most hosts have not more. */
BARE static void close_all(void)
{
	if (!call(SYS_close_range, 1, ~0u, 0, 0))
		return;
	for (int fd = 1; fd < 65536; fd++)
		call(SYS_close, fd, 0, 0, 0);
}

/* Returns when the program has ended; and, where it has a monitor, when that has. */
BARE static void watch(int monitor)
{
	struct pollfd fds[2] = { { 0, 0, 0 }, { 0, 0, 0 } };
	long fd = call(SYS_pidfd_open, PROGRAM, 0, 0, 0);

	fds[0].events = 0; /* of the pipe the end alone */
	fds[1].events = POLLIN;
	fds[1].fd = (int)fd;
	if (fd >= 0) {
		wait_for(fds + !monitor, 1 + monitor, -1);
		return;
	}
	/* No such call: it is looked for, from time to time. */
	while (!call(SYS_kill, PROGRAM, 0, 0, 0))
		if (wait_for(fds, monitor, 50))
			return;
}

_Noreturn BARE static void be_init(void)
{
	char byte;
	long n;

	/* The terminal's signals are not for it, nor is what its session or folder would keep. */
	call(SYS_setsid, 0, 0, 0, 0);
	call(SYS_chdir, (long)"/", 0, 0, 0);
	/* It has no filter: a program that has one shall not make its calls by this process. */
	call(SYS_prctl, PR_SET_DUMPABLE, 0, 0, 0);
	call(SYS_prctl, PR_SET_NAME, (long)INIT_NAME, 0, 0);
	close_all();
	/* Orphans come here when they end; the kernel then reaps them by itself. */
	call(SYS_rt_sigaction, SIGCHLD, (long)ignore, 0, SET);
	do
		n = call(SYS_read, 0, (long)&byte, 1, 0);
	while (n < 0);
	watch(n > 0);
	end(0); /* and the kernel kills what is left inside */
}

BARE static int is_asked(const char *name)
{
	const char *own = INIT_NAME;

	while (*own && *own == *name)
		own++, name++;
	return *own == *name;
}

/* stack: argc and argv, as the kernel lays them out. */
__attribute__((used)) _Noreturn BARE static void init_main(const long *stack)
{
	static const char words[] =
		"libnsshim.so is a library: LD_PRELOAD=/PATH/libnsshim.so PROGRAM\n";

	if (stack[0] == 1 && is_asked((const char *)stack[1]))
		be_init();
	call(SYS_write, 2, (long)words, sizeof words - 1, 0);
	end(125);
}

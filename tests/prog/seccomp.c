/*
 * seccomp FILTER PROGRAM [ARG]...: runs it under a filter of system calls, which is one of
 *   docker     what docker's default profile refuses: unshare, setns, mount: EPERM; clone of
 *              namespaces: EPERM; clone3: ENOSYS
 *   no-check   execveat: ENOSYS (an old filter), so that the file must be looked at in another way
 *   NAME:kill  dies of the system call NAME (readlink, openat, ...)
 *   nnp        no filter, but no_new_privs
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct sock_filter code[64];
static unsigned short length;

static void put(unsigned short op, unsigned int k, unsigned char jt, unsigned char jf)
{
	code[length++] = (struct sock_filter)BPF_JUMP(op, k, jt, jf);
}

static void refuse(int nr, unsigned int answer)
{
	put(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1);
	put(BPF_RET | BPF_K, answer, 0, 0);
}

int main(int argc, char **argv)
{
	const unsigned int no = SECCOMP_RET_ERRNO | EPERM, unknown = SECCOMP_RET_ERRNO | ENOSYS;
	static const struct {
		const char *name;
		int nr;
	} calls[] = { { "unshare", SYS_unshare },	{ "setns", SYS_setns },
		      { "execveat", SYS_execveat },	{ "faccessat2", SYS_faccessat2 },
		      { "capget", SYS_capget },		{ "pidfd_open", SYS_pidfd_open },
		      { "readlinkat", SYS_readlinkat }, { "prctl", SYS_prctl },
		      { "clone3", SYS_clone3 } };
	if (argc < 3)
		return 71;
	put(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
	if (!strcmp(argv[1], "docker")) {
		refuse(SYS_unshare, no);
		refuse(SYS_setns, no);
		refuse(SYS_mount, no);
		refuse(SYS_name_to_handle_at, no);
		refuse(SYS_clone3, unknown);
		/* clone with any CLONE_NEW* but that of time */
		put(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3);
		put(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0]), 0, 0);
		put(BPF_JMP | BPF_JSET | BPF_K,
		    CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
			    CLONE_NEWUTS | CLONE_NEWCGROUP,
		    0, 1);
		put(BPF_RET | BPF_K, no, 0, 0);
	} else if (!strcmp(argv[1], "no-check")) {
		refuse(SYS_execveat, unknown);
	} else if (strcmp(argv[1], "nnp")) {
		int found = 0;
		for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
			size_t n = strlen(calls[i].name);
			if (!strncmp(argv[1], calls[i].name, n) && !strcmp(argv[1] + n, ":kill")) {
				refuse(calls[i].nr, SECCOMP_RET_KILL_PROCESS);
				found = 1;
			}
		}
		if (!found)
			return 71;
	}
	put(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	struct sock_fprog program = { length, code };
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    (length > 2 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))) {
		perror("seccomp");
		return 71;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 71;
}

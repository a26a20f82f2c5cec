/*
 * seccomp FILTER PROGRAM [ARG]...: runs it under a filter of system calls, which is one of
 *   docker     what docker's default profile refuses: unshare, setns, mount: EPERM; clone of
 *              namespaces: EPERM; clone3: ENOSYS
 *   NAME:kill, NAME:ENOSYS; with commas between several: dies of a system call, does not know it
 *   nnp        no filter, but no_new_privs
 * seccomp -o FILE FILTER: writes it to FILE, as bubblewrap and others take it.
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
	} calls[] = { { "unshare", SYS_unshare },
		      { "setns", SYS_setns },
		      { "execveat", SYS_execveat },
		      { "faccessat2", SYS_faccessat2 },
		      { "capget", SYS_capget },
		      { "pidfd_open", SYS_pidfd_open },
		      { "readlinkat", SYS_readlinkat },
		      { "prctl", SYS_prctl },
		      { "close_range", SYS_close_range },
		      { "clone3", SYS_clone3 },
		      { "uname", SYS_uname },
		      { "ptrace", SYS_ptrace },
		      { "ppoll", SYS_ppoll },
		      { "setitimer", SYS_setitimer },
		      { "sendto", SYS_sendto },
		      { "statx", SYS_statx },
		      { "landlock_create_ruleset", 444 },
		      { "pivot_root", SYS_pivot_root },
		      { "openat2", 437 },
		      { "open_tree", 428 },
		      { "mount_setattr", 442 } };
	enum { CALLS = sizeof calls / sizeof *calls };
	const char *out = argc == 4 && !strcmp(argv[1], "-o") ? argv[2] : NULL;
	argv += out ? 2 : 0;
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
	} else if (strcmp(argv[1], "nnp")) {
		for (char *word = strtok(argv[1], ","); word; word = strtok(NULL, ",")) {
			char *what = strchr(word, ':');
			size_t i = 0, n = what ? what - word : 0;
			while (i < CALLS && (strncmp(word, calls[i].name, n) || calls[i].name[n]))
				i++;
			if (!what || i == CALLS)
				return 71;
			refuse(calls[i].nr,
			       strcmp(what, ":kill") ? unknown : SECCOMP_RET_KILL_PROCESS);
		}
	}
	put(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	if (out) {
		FILE *f = fopen(out, "w");
		return !f || fwrite(code, sizeof *code, length, f) != length || fclose(f) ? 71 : 0;
	}
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

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "conf/fault.h"
#include "shim/compiler.h"

static int refuse(struct fault *f, int err)
{
	return fault_set(f, "seccomp", NS_KINDS, "libseccomp", err < 0 ? -err : ENOMEM);
}

/* The machine's other ways to make a system call: each has numbers of its own, and would be past a
   filter of the native ones alone. Calls of still others end the process (SCMP_ACT_KILL). */
static int add_arches(scmp_filter_ctx ctx)
{
	enum { WAYS = 3 };
	static const uint32_t machines[][WAYS] = {
		{ SCMP_ARCH_X86_64, SCMP_ARCH_X86, SCMP_ARCH_X32 },
		{ SCMP_ARCH_AARCH64, SCMP_ARCH_ARM, SCMP_ARCH_ARM },
		{ SCMP_ARCH_S390X, SCMP_ARCH_S390, SCMP_ARCH_S390 },
	};
	uint32_t native = seccomp_arch_native();
	const uint32_t *ways = machines[0], *end = ways + sizeof machines / sizeof **machines;
	int r = 0;

	while (ways < end && ways[0] != native && ways[1] != native)
		ways += WAYS;
	for (int i = 0; ways < end && i < WAYS && !r; i++) {
		r = seccomp_arch_add(ctx, ways[i]);
		r = r == -EEXIST ? 0 : r;
	}
	return r;
}

bool compiler_knows(const char *name)
{
	return seccomp_syscall_resolve_name(name) != __NR_SCMP_ERROR;
}

static int unknown(struct fault *f, int line, const char *name)
{
	const struct scmp_version *v = seccomp_version();
	char number[32];

	fault_at(f, "", line, "seccomp", "no system call is called `");
	f->err = EINVAL;
	fault_why(f, name);
	fault_why(f, "`, as far as libseccomp ");
	snprintf(number, sizeof number, "%u.%u.%u", v->major, v->minor, v->micro);
	fault_why(f, number);
	fault_why(f, " knows");
	return -1;
}

static int deny(scmp_filter_ctx ctx, int line, char *names, struct fault *f)
{
	char *next;

	for (char *name = strtok_r(names, ",", &next); name; name = strtok_r(NULL, ",", &next)) {
		char *first = strchr(name, ':');
		int nr, r;

		if (first)
			*first++ = '\0';
		nr = seccomp_syscall_resolve_name(name);
		if (nr == __NR_SCMP_ERROR)
			return unknown(f, line, name);
		r = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), nr, first != NULL,
				     SCMP_A0(SCMP_CMP_EQ, first ? strtoul(first, NULL, 10) : 0, 0));
		if (r && r != -EEXIST) /* named twice */
			return refuse(f, r);
	}
	return 0;
}

static int compile(int fd, char **names, struct fault *f)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int r = ctx ? add_arches(ctx) : -ENOMEM;

	/* no_new_privs is the rule's to set; 2: a tree, of whose branches a call goes through few. */
	if (!r)
		r = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_NNP, 0);
	if (!r)
		seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (r)
		return refuse(f, r);
	for (int line = 1; *names; line++, names++)
		if (deny(ctx, line, *names, f))
			return -1;
	r = seccomp_export_bpf(ctx, fd);
	return r ? refuse(f, r) : 0;
}

int compiler_main(char **argv)
{
	int sock = atoi(argv[COMPILER_SOCK]);
	struct fault f = { 0 };

	fcntl(sock, F_SETFD, FD_CLOEXEC);
	compile(atoi(argv[COMPILER_FILE]), argv + COMPILER_NAMES, &f);
	return send(sock, &f, sizeof f, MSG_NOSIGNAL) == (ssize_t)sizeof f ? f.err != 0 : 1;
}

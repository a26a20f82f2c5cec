#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conf/powers.h"
#include "conf/text.h"
#include "shim/compiler.h"
#include "shim/inner/deed.h"
#include "shim/helper.h"
#include "shim/scratch.h"
#include "shim/sys.h"

/*
 * The programs are read, and compiled, when the entry begins, whose root directory is that of who
 * reads the profile; and kept in a file of memory, one after the other, each behind its size in
 * bytes. A mapping would stay in the parent of a vfork child.
 */

enum { ONE = sizeof(struct sock_filter) };

/* The kernel takes it for an address to be read, and says EFAULT, where it has filters at all. */
static int has_filters(struct fault *f)
{
	if (!syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL) || errno == EFAULT)
		return 0;
	fault_set(f, "seccomp", NS_KINDS, NULL, errno);
	fault_why(f,
		  f->err == EINVAL || f->err == ENOSYS
			  ? "this kernel has no filters of system calls "
			    "(CONFIG_SECCOMP_FILTER), or an earlier filter does not allow another"
			  : "an earlier filter of the process does not allow another");
	return -1;
}

static int open_memory(struct entry *e, struct fault *f)
{
	const unsigned close_on_exec = 1, no_exec_seal = 8;

	e->filters = (int)syscall(SYS_memfd_create, "seccomp", close_on_exec | no_exec_seal);
	if (e->filters < 0 && errno == EINVAL) /* before Linux 6.3 */
		e->filters = (int)syscall(SYS_memfd_create, "seccomp", close_on_exec);
	return e->filters < 0 ? fault_set(f, "memfd_create", NS_KINDS, NULL, errno) : 0;
}

static long position(const struct entry *e)
{
	return syscall(SYS_lseek, e->filters, 0L, SEEK_CUR);
}

/* Room for the size of the program that follows. */
static int begin(const struct entry *e, uint64_t size, struct fault *f)
{
	if (syscall(SYS_write, e->filters, &size, sizeof size) == (long)sizeof size)
		return 0;
	return fault_set(f, "write", NS_KINDS, "a file of memory", errno);
}

static int no_program(const char *path, struct fault *f)
{
	fault_set(f, "read", NS_KINDS, path, EINVAL);
	fault_why(f, "no program for seccomp: 1 to 4096 instructions of 8 bytes "
		     "(struct sock_filter), as seccomp_export_bpf(3) writes them");
	return -1;
}

static int add_file(const struct entry *e, const char *path, struct fault *f)
{
	struct stat st;
	int fd = file_open(path, sys_trusts(), &st, f);
	uint64_t size;
	long n = -1;
	int r = -1;

	if (fd < 0) {
		f->err = f->err ? f->err : EINVAL; /* no regular file */
		return -1;
	}
	size = (uint64_t)st.st_size;
	if (!size || size % ONE || size > BPF_MAXINSNS * ONE)
		no_program(path, f);
	else if (!begin(e, size, f))
		r = (n = syscall(SYS_sendfile, e->filters, fd, NULL, (size_t)size)) == (long)size
			    ? 0
			    : fault_set(f, "read", NS_KINDS, path, n < 0 ? errno : EIO);
	sys_close(fd);
	return r;
}

static const struct item *next_of(const struct item *it, enum powers_seccomp what)
{
	while (it && it->flags != what)
		it = it->next;
	return it;
}

/* The helper has the number of the line in which a name is none, counted from 1: the profile's. */
static void name_line(const struct entry *e, const struct item *it, struct fault *f)
{
	const char *profile = e->home->profile;

	for (int i = 1; i < f->line; i++)
		it = next_of(it->next, SECCOMP_DENY);
	f->line = it->line;
	text_copy(f->path, sizeof f->path, profile[0] == '/' ? profile : "NSSHIM_PROFILE");
}

/* libseccomp allocates: it is in the helper image, and never in the host's process. */
static int ask(const struct entry *e, const struct item *it, const char **argv, struct fault *f)
{
	struct helper *h = helper_open();
	char fd[12];
	struct text t = text_in(fd, sizeof fd);
	int r;

	if (!h)
		return fault_set(f, "socketpair", NS_KINDS, NULL, errno);
	text_num(&t, e->filters);
	argv[COMPILER_SOCK] = h->number;
	argv[COMPILER_FILE] = fd;
	h->keep = e->filters;
	r = helper_start(h, e->home->image, (char *const *)argv, NULL, f) || helper_ask(h, f);
	helper_end(h);
	if (r && f->line)
		name_line(e, it, f);
	return r ? -1 : 0;
}

/* One program for all lines of names, and the last: they may name what sets another. */
static int add_denied(const struct entry *e, const struct item *first, struct fault *f)
{
	const struct item *it;
	unsigned count = COMPILER_NAMES;
	long from = position(e);
	uint64_t size;
	const char **argv;
	size_t room;
	int r;

	for (it = first; it; it = next_of(it->next, SECCOMP_DENY))
		count++;
	room = (count + 1) * sizeof *argv;
	argv = scratch_or_stack(room);
	if (!argv)
		return fault_set(f, "mmap", NS_KINDS, NULL, ENOMEM);
	argv[0] = "nsshim";
	argv[1] = "--filter";
	count = COMPILER_NAMES;
	for (it = first; it; it = next_of(it->next, SECCOMP_DENY))
		argv[count++] = it->word[0];
	argv[count] = NULL;
	r = begin(e, 0, f) || ask(e, first, argv, f) ? -1 : 0;
	scratch_or_stack_done(argv, room);
	if (r)
		return -1;
	size = (uint64_t)(position(e) - from) - sizeof size;
	if (from < 0 || syscall(SYS_lseek, e->filters, from, SEEK_SET) != from)
		return fault_set(f, "lseek", NS_KINDS, "a file of memory", errno);
	return begin(e, size, f);
}

int filter_ready(struct entry *e, struct fault *f)
{
	const struct item *all = e->plan->rule->item[PHASE_FILTERS];
	const struct item *it, *denied = next_of(all, SECCOMP_DENY);
	int r;

	if (e->filters >= 0) /* it is tried again, with more descriptors */
		sys_close(e->filters);
	r = has_filters(f) || open_memory(e, f);
	for (it = next_of(all, SECCOMP_FILE); it && !r; it = next_of(it->next, SECCOMP_FILE))
		r = add_file(e, it->word[0], f);
	return r || (denied && add_denied(e, denied, f)) ? -1 : 0;
}

static int install(struct sock_filter *code, uint64_t size, struct fault *f)
{
	struct sock_fprog program = { .len = (unsigned short)(size / ONE), .filter = code };

	if (!syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program))
		return 0;
	fault_set(f, "seccomp", NS_KINDS, NULL, errno);
	if (f->err == EINVAL)
		fault_why(f, "that is no program that the kernel takes");
	else if (f->err == ENOMEM)
		fault_why(f, "the filters of the process are too many instructions together");
	else
		fault_why(f, "an earlier filter of the process does not allow another");
	return -1;
}

/* The size of the next one; 0: there is none. False: nobody can tell. */
static bool next_size(const struct entry *e, uint64_t *size)
{
	long n = syscall(SYS_read, e->filters, size, sizeof *size);

	if (n == 0)
		*size = 0;
	return n == 0 || (n == (long)sizeof *size && *size && *size <= BPF_MAXINSNS * ONE);
}

static int set_next(const struct entry *e, uint64_t size, struct fault *f)
{
	struct sock_filter *code = scratch_room((size_t)size);
	int r;

	if (!code)
		return fault_set(f, "mmap", NS_KINDS, NULL, ENOMEM);
	r = syscall(SYS_read, e->filters, code, (size_t)size) == (long)size
		    ? install(code, size, f)
		    : fault_set(f, "read", NS_KINDS, "a file of memory", EIO);
	scratch_done(code, (size_t)size);
	return r;
}

/* All of them at the first line. */
int deed_seccomp(struct entry *e, const struct item *it, struct fault *f)
{
	uint64_t size;

	if (it != e->plan->rule->item[PHASE_FILTERS])
		return 0;
	if (privilege_forgo(e, f))
		return -1;
	if (syscall(SYS_lseek, e->filters, 0L, SEEK_SET) != 0)
		return fault_set(f, "lseek", NS_KINDS, "a file of memory", errno);
	for (;;) {
		if (!next_size(e, &size))
			return fault_set(f, "read", NS_KINDS, "a file of memory", EIO);
		if (!size)
			return 0;
		if (set_next(e, size, f))
			return -1;
	}
}

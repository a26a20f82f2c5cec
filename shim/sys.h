/*
 * The raw system calls that a forked child may make. libc's own wrappers of some of these take
 * locks, tell other threads (set*id) or do not exist in every libc. Those that return int
 * return what syscall(2) does: -1 and errno on failure. All are child-safe.
 */
#ifndef SHIM_SYS_H
#define SHIM_SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "conf/file.h"
#include "conf/ns.h"

enum { SYS_NS_PATH = 48 };

int sys_open(const char *path, int flags);		/* O_CLOEXEC is added */
int sys_openat(int dirfd, const char *path, int flags); /* the same */
int sys_close(int fd);

/* fcntl(2). arg: a number, or a pointer. */
long sys_fcntl(int fd, int what, long arg);
int sys_unshare(int flags);
int sys_setns(int fd, int type);
int sys_pidfd_open(pid_t pid); /* Linux 5.3; close-on-exec */
int sys_pidfd_self(void);      /* of the calling thread: Linux 6.9 */

/*
 * The namespace that the process of a pidfd is in, as an open file; of pid and time, the one of its
 * children, if that is asked for. Linux 6.11
 */
int sys_pidfd_ns(int pidfd, enum ns_kind k, bool children);
int sys_execve(const char *path, char *const *argv, char *const *envp);
int sys_execveat(int dirfd, const char *path, char *const *argv, char *const *envp, int flags);

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000 /* execveat(2): whether it would be allowed; Linux 6.14 */
#endif

enum { SYS_OVERFLOW_ID = 65534 }; /* how an id without a mapping shows: kernel.overflowuid */

/* Of this thread alone. (uid_t)-1 leaves an id. */
int sys_setresuid(uid_t r, uid_t e, uid_t s);
int sys_setresgid(gid_t r, gid_t e, gid_t s);

bool sys_capable(int cap); /* in the effective set, in its own user namespace (capget(2)) */
bool sys_privileged(void); /* any capability in the permitted set? yes where nobody can tell */
int sys_drop_capabilities(void); /* empties permitted, effective and inheritable */
/*
 * Over an exec, where it is had (capabilities(7), ambient). True: it would not have been kept, and
 * sys_unkeep_capability() is owed where the exec fails.
 */
bool sys_keep_capability(int cap);
void sys_unkeep_capability(int cap);
bool sys_has_threads(void); /* has this process other threads? */
/* Does another process or thread use its memory, as a vfork child's parent does? */
bool sys_shares_memory(void);

/*
 * Whose files this process acts on, as file_trust() takes it: a root process on root's, as which
 * inside a user namespace the overflow uid shows too; all others on any.
 */
file_trusts *sys_trusts(void);

/* file_trust() of an open file for this process. */
int sys_check_trust(int fd, const char *path, struct fault *f);

/* May the file be executed, with the effective ids? flags: AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH. */
int sys_may_execute(int dirfd, const char *path, int flags);

/* The path of the namespace of this kind that the calling thread is in, into buf; returns buf. */
const char *sys_ns_path(enum ns_kind k, char buf[SYS_NS_PATH]);

/* Is the calling thread in this namespace, which stat(2) told of? No where nobody can tell. */
bool sys_is_own_ns(enum ns_kind k, const struct stat *ns);

/* Writes all of the text to the file with one write(2): the files of /proc take nothing else. */
int sys_write_file(int dirfd, const char *path, const char *text, size_t len);

/* The first bytes of a file as text, its last newline gone; returns their number. */
ssize_t sys_read_file(const char *path, char *buf, size_t size);

/* Is the kernel of this release or a later one, as far as uname(2) tells? */
bool sys_release(unsigned major, unsigned minor);

/*
 * All descriptors in use: there are more, up to the hard limit, and only for the moment. False:
 * there are none. sys_lower_files() puts *old back.
 */
bool sys_raise_files(struct rlimit *old);
void sys_lower_files(const struct rlimit *old);

/*
 * Is it an address at which nothing can be? What a host passes may be anything; the kernel says
 * EFAULT.
 */
static inline bool sys_no_address(const void *p)
{
	return (uintptr_t)p < 4096; /* vm.mmap_min_addr */
}

/*
 * Waits for a child, one without an exit signal too, until it has ended. Its status; 0: it is not
 * there, since SIGCHLD is ignored or another thread has waited for it.
 */
int sys_reap(pid_t pid);

#endif

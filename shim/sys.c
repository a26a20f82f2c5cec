#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/sys.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_faccessat2
#define SYS_faccessat2 439
#endif

/* On 32-bit machines the unnumbered calls have 16-bit ids (setresuid(2)). */
#ifdef SYS_setresuid32
#define SYS_SETRESUID SYS_setresuid32
#define SYS_SETRESGID SYS_setresgid32
#else
#define SYS_SETRESUID SYS_setresuid
#define SYS_SETRESGID SYS_setresgid
#endif

int sys_open(const char *path, int flags)
{
	return sys_openat(AT_FDCWD, path, flags);
}

int sys_openat(int dirfd, const char *path, int flags)
{
	return (int)syscall(SYS_openat, dirfd, path, flags | O_CLOEXEC | O_LARGEFILE, 0);
}

/* Not close(): it is a cancellation point. */
int sys_close(int fd)
{
	return (int)syscall(SYS_close, fd);
}

/* Not fcntl(): the two libcs have it under two names. On 32-bit machines the older call has small
   offsets. */
long sys_fcntl(int fd, int what, long arg)
{
#ifdef SYS_fcntl64
	return syscall(SYS_fcntl64, fd, what, arg);
#else
	return syscall(SYS_fcntl, fd, what, arg);
#endif
}

int sys_unshare(int flags)
{
	return (int)syscall(SYS_unshare, flags);
}

int sys_setns(int fd, int type)
{
	return (int)syscall(SYS_setns, fd, type);
}

int sys_pidfd_open(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

int sys_pidfd_self(void)
{
	enum { PIDFD_THREAD = O_EXCL };

	return (int)syscall(SYS_pidfd_open, syscall(SYS_gettid), PIDFD_THREAD);
}

int sys_pidfd_ns(int pidfd, enum ns_kind k, bool children)
{
	enum { GET = 0xff00 /* _IO(0xff, ...): PIDFD_GET_*_NAMESPACE, <linux/pidfd.h> */ };
	static const unsigned char number[NS_KINDS] = {
		[NS_CGROUP] = 1, [NS_IPC] = 2,	[NS_MNT] = 3,  [NS_NET] = 4,
		[NS_PID] = 5,	 [NS_TIME] = 7, [NS_USER] = 9, [NS_UTS] = 10,
	};

	return pidfd < 0 ? -1 : ioctl(pidfd, GET + number[k] + children, 0);
}

int sys_execve(const char *path, char *const *argv, char *const *envp)
{
	return (int)syscall(SYS_execve, path, argv, envp);
}

int sys_execveat(int dirfd, const char *path, char *const *argv, char *const *envp, int flags)
{
	return (int)syscall(SYS_execveat, dirfd, path, argv, envp, flags);
}

int sys_setresuid(uid_t r, uid_t e, uid_t s)
{
	return (int)syscall(SYS_SETRESUID, r, e, s);
}

int sys_setresgid(gid_t r, gid_t e, gid_t s)
{
	return (int)syscall(SYS_SETRESGID, r, e, s);
}

static int get_capabilities(struct __user_cap_data_struct *data)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };

	return (int)syscall(SYS_capget, &head, data);
}

bool sys_capable(int cap)
{
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	return !get_capabilities(data) && data[CAP_TO_INDEX(cap)].effective & CAP_TO_MASK(cap);
}

bool sys_privileged(void)
{
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	return get_capabilities(data) || data[0].permitted || data[1].permitted;
}

int sys_drop_capabilities(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	return (int)syscall(SYS_capset, &head, none);
}

/* In the inheritable set, without which a capability is not ambient. False: it was so already. */
static bool set_inheritable(int cap, bool on)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	uint32_t *set = &data[CAP_TO_INDEX(cap)].inheritable;

	if (get_capabilities(data) || !(*set & CAP_TO_MASK(cap)) != on)
		return false;
	*set ^= CAP_TO_MASK(cap);
	return !syscall(SYS_capset, &head, data);
}

bool sys_keep_capability(int cap)
{
	if (!set_inheritable(cap, true))
		return false;
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0);
	return true;
}

/* An ambient capability goes with the inheritable one. */
void sys_unkeep_capability(int cap)
{
	set_inheritable(cap, false);
}

/* The initial user namespace has a fixed inode (include/linux/proc_ns.h). */
static bool is_outer_root(uid_t owner)
{
	enum { INITIAL_USER_NS = 0xEFFFFFFD };
	struct stat st;

	return owner == SYS_OVERFLOW_ID && !stat("/proc/self/ns/user", &st) &&
	       st.st_ino != INITIAL_USER_NS;
}

file_trusts *sys_trusts(void)
{
	return geteuid() ? NULL : is_outer_root;
}

int sys_check_trust(int fd, const char *path, struct fault *f)
{
	struct stat st;

	return fstat(fd, &st) ? fault_set(f, "fstat", NS_KINDS, path, errno)
			      : file_trust(&st, path, sys_trusts(), f);
}

/*
 * Two questions that unshare(2) answers without doing anything: it demands a process of one
 * thread for CLONE_THREAD, and an address space nobody else uses for CLONE_VM. Where a filter
 * refuses unshare the answer is yes, the careful one.
 */
bool sys_has_threads(void)
{
	return sys_unshare(CLONE_THREAD) != 0;
}

bool sys_shares_memory(void)
{
	return sys_unshare(CLONE_VM) != 0;
}

int sys_may_execute(int dirfd, const char *path, int flags)
{
	struct stat st;
	int r = (int)syscall(SYS_faccessat2, dirfd, path, X_OK, flags | AT_EACCESS);

	/* Before Linux 5.8, and under filters that do not know it: the real ids. */
	if (r && (errno == ENOSYS || errno == EPERM))
		r = (int)syscall(SYS_faccessat, dirfd, path, X_OK);
	if (r || fstatat(dirfd, path, &st, flags))
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = S_ISLNK(st.st_mode) ? ELOOP : EACCES; /* as execveat(2) */
		return -1;
	}
	return 0;
}

const char *sys_ns_path(enum ns_kind k, char buf[SYS_NS_PATH])
{
	struct text t = text_in(buf, SYS_NS_PATH);

	text_str(&t, "/proc/thread-self/ns/");
	text_str(&t, ns_table[k].name);
	return buf;
}

bool sys_is_own_ns(enum ns_kind k, const struct stat *ns)
{
	char path[SYS_NS_PATH];
	struct stat own;

	return !stat(sys_ns_path(k, path), &own) && own.st_ino == ns->st_ino &&
	       own.st_dev == ns->st_dev;
}

int sys_write_file(int dirfd, const char *path, const char *text, size_t len)
{
	int fd = sys_openat(dirfd, path, O_WRONLY);
	ssize_t n;
	int err;

	if (fd < 0)
		return -1;
	n = syscall(SYS_write, fd, text, len);
	err = n < 0 ? errno : EIO;
	sys_close(fd);
	if (n == (ssize_t)len)
		return 0;
	errno = err;
	return -1;
}

ssize_t sys_read_file(const char *path, char *buf, size_t size)
{
	int fd = sys_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	ssize_t n;

	buf[0] = '\0';
	if (fd < 0)
		return -1;
	n = syscall(SYS_read, fd, buf, size - 1);
	sys_close(fd);
	if (n < 0)
		return -1;
	if (n > 0 && buf[n - 1] == '\n')
		n--;
	buf[n] = '\0';
	return n;
}

bool sys_release(unsigned major, unsigned minor)
{
	struct utsname name;
	const char *at = name.release;
	unsigned is[2] = { 0, 0 };

	if (uname(&name))
		return false;
	for (int i = 0; i < 2; i++, at += *at == '.')
		while (*at >= '0' && *at <= '9')
			is[i] = 10 * is[i] + (unsigned)(*at++ - '0');
	return is[0] > major || (is[0] == major && is[1] >= minor);
}

bool sys_raise_files(struct rlimit *old)
{
	struct rlimit more;

	if (getrlimit(RLIMIT_NOFILE, old) || old->rlim_cur == old->rlim_max)
		return false;
	more = (struct rlimit){ old->rlim_max, old->rlim_max };
	return !setrlimit(RLIMIT_NOFILE, &more);
}

void sys_lower_files(const struct rlimit *old)
{
	setrlimit(RLIMIT_NOFILE, old);
}

int sys_reap(pid_t pid)
{
	int status = 0;

	while (syscall(SYS_wait4, pid, &status, __WALL, NULL) < 0 && errno == EINTR)
		;
	return status;
}

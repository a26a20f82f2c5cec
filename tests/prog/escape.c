/*
 * Tries to get out of where it was put, one way after the other, and says of each what came of it:
 * `WAY: refused (ERRNO)`, or `WAY: OUT`. Nothing is done that a test machine would not survive: what
 * could harm is asked in a form that fails behind the permission check.
 *
 * usage: escape SECRET HOME PID PORT ABSTRACT SHM SHMFILE SETUID
 * Things outside: a file that nobody inside should read; a directory that nobody should write to; a
 * process; its TCP port at 127.0.0.1 and the abstract unix socket; a System V segment's key; a file
 * of /dev/shm; a set-user-id program that prints its effective id.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <linux/netlink.h>
#include <linux/perf_event.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *secret, *home, *abstract, *shm_file, *set_uid;
static int pid, port, shm_key;

/* A way answers 0: it leads out; -1 with errno: it does not. */
static int refused(int err)
{
	errno = err;
	return -1;
}

static int closes(int fd)
{
	return fd < 0 ? -1 : close(fd);
}

static int reads(const char *path)
{
	char byte;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : read(fd, &byte, 1);

	if (fd >= 0)
		close(fd);
	return n < 0 ? -1 : n ? 0 : refused(ENODATA);
}

static int of_host(const char *name, char *path)
{
	return sprintf(path, "/proc/%d/%s", pid, name);
}

static int creates(const char *dir, const char *name)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	fd = open(path, O_CREAT | O_WRONLY | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	unlink(path);
	return close(fd);
}

static int secret_read(void)
{
	return reads(secret);
}
static int shadow_read(void)
{
	return reads("/etc/shadow");
}
static int home_write(void)
{
	return creates(home, "escape-was-here");
}
static int etc_write(void)
{
	return creates("/etc", "escape-was-here");
}
static int usr_write(void)
{
	return creates("/usr/bin", "escape-was-here");
}
static int memory_device(void)
{
	return closes(open("/dev/mem", O_RDWR | O_CLOEXEC));
}
static int kernel_log_device(void)
{
	return closes(open("/dev/kmsg", O_WRONLY | O_CLOEXEC));
}
static int sysrq(void)
{
	return closes(open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC));
}
static int core_pattern(void)
{
	return closes(open("/proc/sys/kernel/core_pattern", O_WRONLY | O_CLOEXEC));
}
static int uevent_helper(void)
{
	return closes(open("/sys/kernel/uevent_helper", O_WRONLY | O_CLOEXEC));
}
static int cgroup_write(void)
{
	return closes(open("/sys/fs/cgroup/cgroup.procs", O_WRONLY | O_CLOEXEC));
}

static int device_made(void)
{
	const char *path = "/tmp/escape-device";
	int r = mknod(path, S_IFBLK | 0600, makedev(7, 0)), err = errno;

	unlink(path);
	return r ? refused(err) : 0;
}

/* The classic one: a working directory that chroot(2) leaves behind. */
static int chroot_left(void)
{
	int fd = open("/", O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || (mkdir("/tmp/escape-root", 0700) && errno != EEXIST) ||
	    chroot("/tmp/escape-root"))
		return -1;
	if (fchdir(fd))
		return -1;
	for (int i = 0; i < 64; i++)
		if (chdir(".."))
			return -1;
	return chroot(".") ? -1 : reads(secret);
}

static int host_root(void)
{
	char path[PATH_MAX];

	sprintf(path, "/proc/%d/root%s", pid, secret);
	return reads(path);
}

static int first_root(void)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "/proc/1/root%s", secret);
	return reads(path);
}

static int host_environ(void)
{
	char path[64];

	of_host("environ", path);
	return reads(path);
}

static int host_listed(void)
{
	char path[64];

	of_host("comm", path);
	return reads(path);
}

/* A directory that somebody left open. */
static int open_directory(void)
{
	struct stat st;

	for (int fd = 3; fd < 1024; fd++)
		if (!fstat(fd, &st))
			return 0;
	return refused(EBADF);
}

static int host_signal(void)
{
	return kill(pid, 0);
}

static int host_trace(void)
{
	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL))
		return -1;
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	return 0;
}

static int host_memory(void)
{
	char byte;
	struct iovec to = { &byte, 1 }, from = { (void *)&environ, 1 };

	if (process_vm_readv(pid, &to, 1, &from, 1, 0) >= 0 || errno == EFAULT)
		return 0;
	return -1;
}

static int host_descriptor(void)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	return fd < 0 ? -1 : closes((int)syscall(438 /* pidfd_getfd */, fd, 0, 0));
}

static int host_priority(void)
{
	return setpriority(PRIO_PROCESS, (id_t)pid, 19);
}

static int connects(int family, const void *address, socklen_t len)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int r = fd < 0 ? -1 : connect(fd, address, len), err = errno;

	if (fd >= 0)
		close(fd);
	return r ? refused(err) : 0;
}

static int host_port(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return connects(AF_INET, &to, sizeof to);
}

static int abstract_socket(void)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t len = strlen(abstract);

	memcpy(to.sun_path + 1, abstract, len);
	return connects(AF_UNIX, &to,
			(socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + len));
}

static int route_out(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), r, err;

	inet_pton(AF_INET, "192.0.2.1", &to.sin_addr);
	r = fd < 0 ? -1 : connect(fd, (struct sockaddr *)&to, sizeof to);
	err = errno;
	if (fd >= 0)
		close(fd);
	return r ? refused(err) : 0;
}

static int packet_socket(void)
{
	return closes(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
}
static int raw_socket(void)
{
	return closes(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, 1));
}
static int vsock(void)
{
	return closes(socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static int segment(void)
{
	int id = shmget(shm_key, 0, 0);
	void *at = id < 0 ? (void *)-1 : shmat(id, NULL, SHM_RDONLY);

	return at == (void *)-1 ? -1 : shmdt(at);
}

static int shm_read(void)
{
	return reads(shm_file);
}

/* To type into the shell outside. Only as far as the check: no byte is given. */
static int terminal_input(void)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return -1;
	return ioctl(fd, TIOCSTI, NULL) && errno != EFAULT ? -1 : 0;
}

static int keyring(void)
{
	return syscall(SYS_add_key, "user", "escape", "x", 1, KEY_SPEC_SESSION_KEYRING) < 0 ? -1
											    : 0;
}

static int keyring_read(void)
{
	return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_USER_KEYRING, 0) < 0 ? -1 : 0;
}

static int mounted(void)
{
	if (mount("none", "/tmp", "tmpfs", 0, NULL))
		return -1;
	return umount2("/tmp", MNT_DETACH);
}

static int unmounted(void)
{
	return umount2("/tmp", MNT_DETACH);
}
static int remounted(void)
{
	return mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL);
}
static int tree_opened(void)
{
	return closes((int)syscall(428 /* open_tree */, AT_FDCWD, "/",
				   1 /* OPEN_TREE_CLONE */ | O_CLOEXEC));
}
static int root_changed(void)
{
	return (int)syscall(SYS_pivot_root, ".", ".");
}

static int unshares(int flags)
{
	int status;
	pid_t child = fork();

	if (!child)
		_exit(unshare(flags) ? errno : 0);
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return -1;
	return WIFEXITED(status) && !WEXITSTATUS(status)
		       ? 0
		       : refused(WIFEXITED(status) ? WEXITSTATUS(status) : EINTR);
}

static int new_user(void)
{
	return unshares(CLONE_NEWUSER);
}
static int new_mounts(void)
{
	return unshares(CLONE_NEWNS);
}
static int new_network(void)
{
	return unshares(CLONE_NEWNET);
}

static int new_user_clone3(void)
{
	struct {
		uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack[2], tls;
	} args = { .flags = CLONE_NEWUSER, .exit_signal = SIGCHLD };
	long child = syscall(435 /* clone3 */, &args, sizeof args);

	if (!child)
		_exit(0);
	if (child < 0)
		return -1;
	waitpid((pid_t)child, NULL, 0);
	return 0;
}

static int joins(const char *path, int kind)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int r = fd < 0 ? -1 : setns(fd, kind), err = errno;

	if (fd >= 0)
		close(fd);
	return r ? refused(err) : 0;
}

static int host_network(void)
{
	char path[64];

	of_host("ns/net", path);
	return joins(path, CLONE_NEWNET);
}

static int host_mounts(void)
{
	char path[64];

	of_host("ns/mnt", path);
	return joins(path, CLONE_NEWNS);
}

static int root_id(void)
{
	if (!getuid())
		return refused(
			EEXIST); /* it has that number, which the other ways show to be empty */
	return setresuid(0, 0, 0);
}

static int set_uid_program(void)
{
	int p[2], status;
	char id[16] = "";
	pid_t child;

	if (pipe(p))
		return -1;
	child = fork();
	if (!child) {
		dup2(p[1], 1);
		execl(set_uid, set_uid, "-u", (char *)NULL);
		_exit(127);
	}
	close(p[1]);
	if (read(p[0], id, sizeof id - 1) < 0)
		id[0] = '\0';
	close(p[0]);
	waitpid(child, &status, 0);
	if (!id[0])
		return refused(ENOEXEC);
	return (uid_t)atoi(id) != geteuid() ? 0 : refused(EPERM);
}

static int capabilities(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = { { 1u << CAP_SYS_ADMIN, 1u << CAP_SYS_ADMIN, 0 },
						  { 0, 0, 0 } };

	return (int)syscall(SYS_capset, &head, data);
}

static int bpf_program(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1
	};

	return closes((int)syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof attr));
}

static int perf(void)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE,
					.size = sizeof attr,
					.config = PERF_COUNT_SW_CPU_CLOCK };

	return closes((int)syscall(SYS_perf_event_open, &attr, -1, 0, -1, 0));
}

static int page_faults(void)
{
	return closes((int)syscall(SYS_userfaultfd, O_CLOEXEC));
}
static int ring(void)
{
	char params[120] = { 0 };

	return closes((int)syscall(425 /* io_uring_setup */, 1, params));
}
/* An image of no bytes: EPERM comes before it is looked at, anything else after. */
static int module(void)
{
	return syscall(SYS_init_module, NULL, 0, "") && (errno == ENOEXEC || errno == EFAULT) ? 0
											      : -1;
}
static int kexec(void)
{
	return syscall(SYS_kexec_load, 0, 1000, NULL, 0) && errno == EINVAL ? 0 : -1;
}
static int restart(void)
{
	return syscall(SYS_reboot, 0, 0, 0, NULL) && errno == EINVAL ? 0 : -1;
}
/* To what it is. */
static int clock_set(void)
{
	struct timex t = { .modes = 0 };

	if (adjtimex(&t) < 0)
		return -1;
	t.modes = ADJ_FREQUENCY;
	return adjtimex(&t) < 0 ? -1 : 0;
}
static int swap(void)
{
	return syscall(SYS_swapon, "/nowhere", 0) && errno == ENOENT ? 0 : -1;
}
static int kernel_log(void)
{
	return syscall(SYS_syslog, 3, NULL, 0) < 0 && errno != EINVAL ? -1 : 0;
}
static int handle(void)
{
	struct file_handle h = { .handle_bytes = 0 };
	int fd = open("/", O_DIRECTORY | O_CLOEXEC),
	    r = (int)syscall(SYS_open_by_handle_at, fd, &h, O_RDONLY), err = errno;

	close(fd);
	return r < 0 && err == EPERM ? refused(err) : r < 0 && err == ENOSYS ? refused(err) : 0;
}
static int real_time(void)
{
	struct sched_param p = { .sched_priority = 1 };

	return sched_setscheduler(0, SCHED_FIFO, &p);
}
static int files_limit(void)
{
	struct rlimit now;

	getrlimit(RLIMIT_NOFILE, &now);
	now.rlim_max++;
	return setrlimit(RLIMIT_NOFILE, &now);
}

static const struct {
	const char *name;
	int (*go)(void);
} ways[] = {
	{ "read a secret", secret_read },
	{ "read /etc/shadow", shadow_read },
	{ "write in the home directory", home_write },
	{ "write in /etc", etc_write },
	{ "write in /usr", usr_write },
	{ "open /dev/mem", memory_device },
	{ "open /dev/kmsg", kernel_log_device },
	{ "open sysrq-trigger", sysrq },
	{ "open core_pattern", core_pattern },
	{ "open uevent_helper", uevent_helper },
	{ "open the root cgroup", cgroup_write },
	{ "make a device", device_made },
	{ "leave a chroot", chroot_left },
	{ "root of a process outside", host_root },
	{ "root of process 1", first_root },
	{ "environment of a process outside", host_environ },
	{ "see a process outside", host_listed },
	{ "a descriptor left open", open_directory },
	{ "signal a process outside", host_signal },
	{ "trace a process outside", host_trace },
	{ "memory of a process outside", host_memory },
	{ "descriptor of a process outside", host_descriptor },
	{ "priority of a process outside", host_priority },
	{ "connect to a port outside", host_port },
	{ "connect to an abstract socket", abstract_socket },
	{ "route to elsewhere", route_out },
	{ "packet socket", packet_socket },
	{ "raw socket", raw_socket },
	{ "socket to the hypervisor", vsock },
	{ "System V segment", segment },
	{ "file of /dev/shm", shm_read },
	{ "type into the terminal", terminal_input },
	{ "add a key", keyring },
	{ "user keyring", keyring_read },
	{ "mount", mounted },
	{ "unmount", unmounted },
	{ "remount for writing", remounted },
	{ "copy the mounts", tree_opened },
	{ "change the root", root_changed },
	{ "new user namespace", new_user },
	{ "new user namespace by clone3", new_user_clone3 },
	{ "new mount namespace", new_mounts },
	{ "new network namespace", new_network },
	{ "join a network outside", host_network },
	{ "join mounts outside", host_mounts },
	{ "become root", root_id },
	{ "set-user-id program", set_uid_program },
	{ "take capabilities", capabilities },
	{ "bpf", bpf_program },
	{ "perf_event_open", perf },
	{ "userfaultfd", page_faults },
	{ "io_uring", ring },
	{ "load a module", module },
	{ "load a kernel", kexec },
	{ "restart the machine", restart },
	{ "set the clock", clock_set },
	{ "swap", swap },
	{ "kernel log", kernel_log },
	{ "open by handle", handle },
	{ "real-time priority", real_time },
	{ "raise a hard limit", files_limit },
};

int main(int argc, char **argv)
{
	if (argc != 9) {
		fprintf(stderr, "usage: escape SECRET HOME PID PORT ABSTRACT SHM SHMFILE SETUID\n");
		return 2;
	}
	secret = argv[1];
	home = argv[2];
	pid = atoi(argv[3]);
	port = atoi(argv[4]);
	abstract = argv[5];
	shm_key = atoi(argv[6]);
	shm_file = argv[7];
	set_uid = argv[8];
	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGTTOU, SIG_IGN);
	/* Each in a process of its own: what one changes the next does not see. */
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		int status;
		pid_t child = fork();

		if (!child) {
			errno = 0;
			if (ways[i].go())
				printf("%s: refused (%s)\n", ways[i].name, strerrorname_np(errno));
			else
				printf("%s: OUT\n", ways[i].name);
			exit(0);
		}
		if (child < 0)
			return 1;
		waitpid(child, &status, 0);
		if (WIFSIGNALED(status))
			printf("%s: refused (%s)\n", ways[i].name, strsignal(WTERMSIG(status)));
	}
	return 0;
}

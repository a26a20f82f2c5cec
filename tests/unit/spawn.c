#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shim/actions.h"
#include "shim/attr.h"
#include "shim/child.h"
#include "shim/libc.h"
#include "shim/signals.h"
#include "tests/unit/check.h"

static bool has_child(void)
{
	return waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD;
}

static void exits(struct child *c)
{
	(void)c;
	syscall(SYS_exit_group, 9);
}

static void kills_itself(struct child *c)
{
	(void)c;
	syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
}

static pid_t start(struct child *c)
{
	uint64_t mask;
	pid_t pid;

	signals_block(&mask);
	pid = child_start(c);
	signals_unblock(&mask);
	return pid;
}

static void children(void)
{
	struct child c = { .run = exits, .cgroup = -1 };
	int status;
	bool cgroups;
	pid_t pid = start(&c);

	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 9, "a child exits");
	c.run = kills_itself;
	pid = start(&c);
	CHECK(waitpid(pid, &status, 0) == pid && WTERMSIG(status) == SIGKILL, "a child is killed");
	c.run = exits;
	c.room = 1 << 20;
	pid = start(&c);
	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 9,
	      "a child has a large stack");
	/* An emulator may have no clone3(2), as a kernel before Linux 5.3. */
	cgroups = syscall(SYS_clone3, NULL, 0) >= 0 || errno != ENOSYS;
	c.cgroup = open("/dev", O_RDONLY);
	CHECK(start(&c) == (cgroups ? -EBADF : -ENOSYS) && !has_child(),
	      "a folder that is no control group is EBADF");
	close(c.cgroup);
}

static bool readable(void *object, struct actions *a)
{
	return actions_read(a, object);
}

/* libc's record as an array of ints: how many there is room for, how many are used, their place. */
static void unknown_actions(void)
{
	struct action one = { .tag = ACTION_TAGS };
	struct {
		int allocated, used;
		struct action *first;
		int pad[16];
	} list = { 8, 1, &one, { 0 } };
	struct actions a;

	CHECK(!readable(&list, &a) && !a.count, "an unknown kind of action is libc's to perform");
	one.tag = -1;
	CHECK(!readable(&list, &a), "a negative one as well");
	one.tag = ACTION_CLOSE;
	CHECK(libc_is_musl() || (readable(&list, &a) && a.count == 1), "a known one is read");
	CHECK(readable(NULL, &a) && !a.count, "no object has no actions");
}

static void known_actions(void)
{
	posix_spawn_file_actions_t object;
	struct actions a;

	posix_spawn_file_actions_init(&object);
	CHECK(actions_read(&a, &object) && !a.count, "a new object has no actions");
	posix_spawn_file_actions_addopen(&object, 5, "/a/path", O_WRONLY, 0600);
	posix_spawn_file_actions_adddup2(&object, 5, 6);
	if (libc_is_musl()) {
		CHECK(!actions_read(&a, &object), "musl's records are musl's to perform");
		posix_spawn_file_actions_destroy(&object);
		return;
	}
	CHECK(actions_read(&a, &object) && a.count == 2, "this libc's records can be read");
	CHECK_SAME(a.first[0].is.open.path, "/a/path", "the path of an open");
	CHECK(a.first[0].is.open.fd == 5 && a.first[0].is.open.mode == 0600, "the rest of it");
	CHECK(a.first[1].is.dup.fd == 5 && a.first[1].is.dup.to == 6, "both numbers of a dup2");
	posix_spawn_file_actions_destroy(&object);
}

static void attributes(void)
{
	posix_spawnattr_t object;
	struct attr a;

	posix_spawnattr_init(&object);
	CHECK(attr_read(&a, &object) && !a.flags && a.cgroup == -1,
	      "new attributes ask for nothing");
	posix_spawnattr_setpgroup(&object, 77);
	CHECK(attr_read(&a, &object) && !a.pgroup, "a value without its flag does not count");
	posix_spawnattr_setflags(&object, POSIX_SPAWN_SETPGROUP);
	CHECK(attr_read(&a, &object) && a.pgroup == 77, "a value with its flag does");
	*(short *)&object =
		0x4000; /* what a later libc may know: its setter would refuse it here */
	CHECK(!attr_read(&a, &object), "an unknown flag is libc's");
	CHECK(attr_read(&a, NULL) && !a.flags, "no attributes are none");
}

int main(void)
{
	children();
	unknown_actions();
	known_actions();
	attributes();
	return check_end();
}

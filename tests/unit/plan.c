#define _GNU_SOURCE
#include <sched.h>

#include "conf/profile.h"
#include "shim/trace.h"
#include "tests/unit/check.h"

static void say(void *ctx, const struct fault *f)
{
	char line[FAULT_TEXT];

	(void)ctx;
	fault_text(f, line, sizeof line);
	fputs(line, stdout);
}

/*
 * The steps of an inline rule, as "step; step; ". whole: the kinds CLONE_NEW* are not the rule's
 * own, but what `join` came to mean.
 */
static const char *steps_whole(const char *text, int whole, uid_t uid, bool admin,
			       enum plan_for what)
{
	static char words[2048];
	struct text t = text_in(words, sizeof words);
	struct source src = { SOURCE_INLINE, text };
	struct profile *profile = profile_load(&src, NULL, say, NULL);
	struct creds creds = { .uid = uid, .gid = uid, .admin = admin };
	struct rule rule;
	struct plan plan;

	if (!profile)
		return "no profile";
	rule = profile->rule[0];
	rule.named &= ~whole;
	plan_build(&plan, &rule, &creds, what);
	for (unsigned i = 0; i < plan.count; i++) {
		trace_step(&t, &plan.step[i]);
		text_str(&t, "; ");
	}
	profile_free(profile);
	return words;
}

static const char *steps(const char *text, uid_t uid, bool admin, enum plan_for what)
{
	return steps_whole(text, 0, uid, admin, what);
}

#define OWN_MAPS(inside, outside)                                                                  \
	"write /proc/self/uid_map: " inside " " outside " 1; write /proc/self/setgroups: deny; "   \
	"write /proc/self/gid_map: " inside " " outside " 1; "

static void creating(void)
{
	CHECK_SAME(steps("net = new", 0, true, PLAN_SPAWN), "unshare net; bring lo up; ",
		   "who has the capability creates without a user namespace");
	CHECK_SAME(steps("net = new; loopback = no", 7, false, PLAN_SPAWN),
		   "unshare user; " OWN_MAPS("0", "7") "unshare net; ",
		   "who lacks it gets a user namespace, alone and first, in which 0 is he");
	CHECK_SAME(steps("net = new; fallback = none", 7, false, PLAN_SPAWN),
		   "unshare net; bring lo up; ", "fallback = none creates no user namespace");
	CHECK_SAME(steps("user = new; uid_map = self; gid_map = self", 7, true, PLAN_SPAWN),
		   "unshare user; " OWN_MAPS("7", "7"), "self maps the own id onto itself");
	CHECK_SAME(steps("user = new; uid_map = 5 7 1; gid_map = 5 7 1", 7, true, PLAN_SPAWN),
		   "unshare user; " OWN_MAPS("5", "7"),
		   "one extent with the own id alone is written by the process itself");
	CHECK_SAME(steps("user = new; uid_map = 0 8 1; gid_map = 0 7 1", 7, true, PLAN_SPAWN),
		   "start the map writer; unshare user; have the maps written; take mapped ids; ",
		   "another's id is written from outside, by a process started before");
	CHECK_SAME(steps("user = new; uid_map = auto", 7, false, PLAN_SPAWN),
		   "start the map writer; unshare user; have the maps written; take mapped ids; ",
		   "auto is looked up outside");
	CHECK_SAME(steps("mnt = new; ipc = new", 0, true, PLAN_SPAWN),
		   "unshare mnt ipc; make mounts private; ",
		   "the rest is created at once, and mounts made private");
}

static void joining(void)
{
	CHECK_SAME(steps("net = /n; user = /u; ipc = new", 7, false, PLAN_SPAWN),
		   "open /u; open /n; become undumpable; join what is allowed; join; unshare ipc; "
		   "take mapped ids; ",
		   "all is opened before anything is joined, joins come before creations");
	CHECK_SAME(steps("net = pid:9; ipc = pid:9; uts = pid:8", 0, true, PLAN_SPAWN),
		   "pidfd_open 9; pidfd_open 8; join what is allowed; join; ",
		   "one descriptor a process, whatever number of its namespaces is joined");
	CHECK_SAME(steps("mnt = /m", 0, true, PLAN_SPAWN),
		   "open /m; open /proc; join what is allowed; join; chdir; ",
		   "after a join of a mount namespace the working directory is taken again");
	CHECK_SAME(steps("mnt = /m; cwd = /d", 0, true, PLAN_EXEC),
		   "open /m; open /proc; keep a way back mnt .; join what is allowed; join; chdir "
		   "/d; ",
		   "the way back is kept open where an exec may fail");
	CHECK_SAME(steps("user = new; mnt = new", 7, false, PLAN_EXEC),
		   "unshare user; " OWN_MAPS("0", "7") "unshare mnt; make mounts private; ",
		   "but not where there is none: after a user namespace");
	CHECK_SAME(steps("net = /n; ipc = new", 7, false, PLAN_SPAWN),
		   "open /n; join what is allowed; join; unshare user; " OWN_MAPS(
			   "0", "7") "unshare ipc; ",
		   "joins are tried before the fallback takes the outer capabilities away");
}

static void ahead(void)
{
	CHECK_SAME(steps("net = new; uts = new; mnt = new; pool = 2", 0, true, PLAN_EXEC),
		   "keep a way back mnt net uts .; take what is ready of net uts; "
		   "unshare mnt net uts; make mounts private; bring lo up; ",
		   "what is ready is taken first, and all is created that is not");
	CHECK_SAME(
		steps("net = new; pool = 2; loopback = no", 7, false, PLAN_SPAWN),
		"take what is ready of user net; unshare user; " OWN_MAPS("0", "7") "unshare net; ",
		"the user namespace of the fallback is made ahead too");
	CHECK_SAME(steps("net = new; pool = 2; loopback = no", 0, true, PLAN_HOLD), "unshare net; ",
		   "who makes it ahead takes none");
}

static void joining_whole(void)
{
	const char *all = "join = pid:9; user = pid:9; mnt = pid:9; net = pid:9";

	CHECK_SAME(
		steps_whole(all, CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET, 7, false, PLAN_SPAWN),
		"pidfd_open 9; open the process's root; open the process's cwd; see the start "
		"of 9; open /proc; become undumpable; join what is allowed; join; take mapped ids; "
		"take the "
		"process's root; take the process's cwd; ",
		"a process is joined with its root and working directory, once all that its "
		"number names is open");
	CHECK_SAME(
		steps_whole("join = pid:9; mnt = pid:9; cwd = /d", CLONE_NEWNS, 0, true, PLAN_EXEC),
		"pidfd_open 9; open the process's root; see the start of 9; open /proc; keep a way "
		"back mnt "
		".; join what is allowed; join; take the process's root; chdir /d; ",
		"the rule's cwd stands for the process's");
	CHECK_SAME(steps_whole("join = pid:9; net = pid:9; mnt = /m", CLONE_NEWNET, 0, true,
			       PLAN_SPAWN),
		   "open /m; pidfd_open 9; see the start of 9; open /proc; join what is allowed; "
		   "join; chdir; ",
		   "another mount namespace has another root");
	CHECK_SAME(steps("join = pid:9; net = pid:9", 0, true, PLAN_SPAWN),
		   "pidfd_open 9; join what is allowed; join; ",
		   "what the rule names itself is no part of join");
	CHECK_SAME(steps_whole("join = pid:9; net = pid:9; mnt = pid:9; user = new",
			       CLONE_NEWNS | CLONE_NEWNET, 7, false, PLAN_SPAWN),
		   "pidfd_open 9; open the process's root; open the process's cwd; see the start "
		   "of 9; open /proc; join what is allowed; join; unshare user; " OWN_MAPS(
			   "0", "7") "take the process's root; take the process's cwd; ",
		   "a user namespace is created before the root is taken, since in a chroot none "
		   "may be");
}

static void loading(void)
{
	CHECK_SAME(steps("user = new; time = new", 7, false, PLAN_LOAD),
		   "unshare user; " OWN_MAPS("0", "7") "unshare time; move in time; "
						       "drop capabilities; ",
		   "without an exec the process moves in time, and drops what an exec would");
	CHECK_SAME(steps("time = new", 0, true, PLAN_SPAWN), "unshare time; ",
		   "with one the kernel moves it");
}

static void placing(void)
{
	CHECK_SAME(steps("pid = new; mnt = new; cwd = /", 0, true, PLAN_SPAWN),
		   "open the image of pid 1; unshare mnt pid; make mounts private; chdir /; mount "
		   "/proc; ",
		   "the /proc of a pid namespace is mounted by who is born in it, last of all");
	CHECK_SAME(steps("pid = new; mnt = new; proc = host", 0, true, PLAN_SPAWN),
		   "open the image of pid 1; unshare mnt pid; make mounts private; ",
		   "unless that of the host is wanted");
	CHECK_SAME(steps("pid = /p; net = /n", 0, true, PLAN_SPAWN),
		   "open /p; open /n; join what is allowed; join; ",
		   "a pid namespace that is joined has its pid 1");
	CHECK_SAME(steps("pid = /p; mnt = new", 0, true, PLAN_SPAWN),
		   "open /p; join what is allowed; join; unshare mnt; make mounts private; mount "
		   "/proc; ",
		   "but no /proc in a mount namespace of one's own");
	CHECK_SAME(steps("pid = new; mnt = new; share = s", 0, true, PLAN_HOLD),
		   "unshare mnt pid; make mounts private; mount /proc; ",
		   "who holds a set is pid 1 himself, and mounts its /proc");
}

static void powers(void)
{
	CHECK_SAME(steps("net = new; seccomp = deny mkdir; caps = drop", 0, true, PLAN_SPAWN),
		   "have the filters ready; unshare net; bring lo up; set up powers; set up "
		   "filters; ",
		   "filters are ready before anything is done, and set after everything else");
	CHECK_SAME(steps("landlock_ro = /; uid = 7", 0, true, PLAN_LOAD),
		   "have the filters ready; set up powers; drop capabilities; ",
		   "a new id loses what an exec would take");
	CHECK_SAME(steps("user = new; caps = keep", 7, false, PLAN_LOAD),
		   "unshare user; " OWN_MAPS("0", "7") "set up powers; ",
		   "but for the capabilities that the rule keeps");
	CHECK_SAME(steps("user = /u; keep_creds = yes", 7, true, PLAN_SPAWN),
		   "open /u; become undumpable; join what is allowed; join; ",
		   "ids that are kept are not taken");
	CHECK_SAME(steps("net = new; share = s; seccomp = deny mkdir; uid = 7", 0, true, PLAN_HOLD),
		   "unshare net; bring lo up; ", "who holds a set keeps his powers");
}

static void writing(void)
{
	CHECK_SAME(steps("mnt = /m; user = new; uid_map = auto; net = new", 7, false, PLAN_SPAWN),
		   "open /m; open /proc; start the map writer; join what is allowed; join; unshare "
		   "user; have the "
		   "maps written; take mapped ids; unshare net; bring lo up; chdir; ",
		   "the map writer is started before anything is joined");
}

/* The largest rule there can be fits struct plan (ASan would tell). */
static void largest(void)
{
	steps("user = pid:1; mnt = pid:2; net = pid:3; ipc = pid:4; uts = pid:5; cgroup = pid:6; "
	      "time = pid:7; pid = pid:8; cwd = /x",
	      7, false, PLAN_EXEC);
	steps("user = new; mnt = new; net = new; ipc = new; uts = new; cgroup = new; time = new; "
	      "pid = new; uid_map = auto; gid_map = auto; cwd = /x",
	      7, false, PLAN_LOAD);
	steps("mnt = /1; net = /2; ipc = /3; uts = /4; cgroup = /5; time = new; cwd = /x", 7, false,
	      PLAN_LOAD);
	steps_whole("join = pid:1; user = /1; mnt = pid:1; net = /3; ipc = /4; uts = /5; "
		    "cgroup = /6; time = /7",
		    CLONE_NEWNS, 7, false, PLAN_LOAD);
	steps_whole("join = pid:1; user = new; uid_map = auto; mnt = pid:1; net = /3; ipc = new; "
		    "uts = /5; cgroup = /6; time = new; cwd = /x",
		    CLONE_NEWNS, 7, false, PLAN_LOAD);
	steps("user = new; mnt = new; pid = new; net = new; ipc = new; uts = new; cgroup = new; "
	      "time = new; setgroups = allow; cwd = /x; bind = /a /b "
	      "idmap; hostname = x; boottime = 1",
	      7, false, PLAN_EXEC);
	CHECK(true, "every kind at once fits a plan");
}

static void files(void)
{
	CHECK_SAME(steps("tmpfs = /x", 0, true, PLAN_SPAWN),
		   "unshare mnt; make mounts private; set up files; end the files; chdir; ",
		   "the working directory is taken again once the files are there");
	CHECK_SAME(steps("root = /x; cwd = /y; propagation = unchanged", 0, true, PLAN_HOLD),
		   "no profile", "no root changes among mounts of others");
	CHECK_SAME(steps("root = /x; propagation = slave; cwd = /y", 0, true, PLAN_HOLD),
		   "unshare mnt; make mounts private; set up files; have the new root; ",
		   "who holds a set has no directory");
	CHECK_SAME(steps("propagation = unchanged", 0, true, PLAN_SPAWN), "unshare mnt; ",
		   "mounts may be left as they are");
	CHECK_SAME(steps("root = /x; pid = new; cwd = /y", 0, true, PLAN_LOAD),
		   "open the image of pid 1; unshare mnt pid; make mounts private; set up files; "
		   "mount /proc; have the new root; chdir /y; ",
		   "a new root has its /proc at the end");
	CHECK_SAME(steps("root = /x; pid = new; cwd = /y; proc = /z", 0, true, PLAN_LOAD),
		   "open the image of pid 1; unshare mnt pid; make mounts private; set up files; "
		   "have the new root; chdir /y; ",
		   "or where the rule says");
	CHECK_SAME(steps("tmpfs = /x; pid = new; cwd = /y; proc = /z", 0, true, PLAN_LOAD),
		   "open the image of pid 1; unshare mnt pid; make mounts private; mount /proc; "
		   "set up files; end the files; chdir /y; ",
		   "else it is there before");
	CHECK_SAME(steps("proc = /proc; pid = new; cwd = /y", 0, true, PLAN_LOAD),
		   "open the image of pid 1; unshare mnt pid; make mounts private; "
		   "set up files; end the files; chdir /y; ",
		   "unless the rule does the same");
	CHECK_SAME(steps("user = new; bind = /x /y idmap", 7, true, PLAN_SPAWN),
		   "shift ids of mounts; unshare user; " OWN_MAPS(
			   "0", "7") "unshare mnt; make mounts private; set up files; "
				     "end the files; chdir; ",
		   "ids are shifted by who has power outside");
}

int main(void)
{
	creating();
	joining();
	ahead();
	joining_whole();
	loading();
	placing();
	powers();
	writing();
	files();
	largest();
	return check_end();
}

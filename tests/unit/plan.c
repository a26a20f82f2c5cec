#define _GNU_SOURCE
#include <sched.h>

#include "conf/profile.h"
#include "shim/plan.h"
#include "tests/unit/check.h"

static void say(void *ctx, const struct fault *f)
{
	char line[FAULT_TEXT];

	(void)ctx;
	fault_text(f, line, sizeof line);
	fputs(line, stdout);
}

/* The steps of an inline rule, as "step; step; ". */
static const char *steps(const char *text, uid_t uid, bool admin, enum plan_for what)
{
	static char words[2048];
	struct text t = text_in(words, sizeof words);
	struct source src = { SOURCE_INLINE, text };
	struct profile *profile = profile_load(&src, NULL, say, NULL);
	struct creds creds = { .uid = uid, .gid = uid, .admin = admin };
	struct plan plan;

	if (!profile)
		return "no profile";
	plan_build(&plan, &profile->rule[0], &creds, what);
	for (unsigned i = 0; i < plan.count; i++) {
		plan_step_text(&t, &plan.step[i]);
		text_str(&t, "; ");
	}
	profile_free(profile);
	return words;
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
		   "open /m; join what is allowed; join; chdir; ",
		   "after a join of a mount namespace the working directory is taken again");
	CHECK_SAME(steps("mnt = /m; cwd = /d", 0, true, PLAN_EXEC),
		   "open /m; keep a way back mnt .; join what is allowed; join; chdir /d; ",
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

static void loading(void)
{
	CHECK_SAME(steps("user = new; time = new", 7, false, PLAN_LOAD),
		   "unshare user; " OWN_MAPS("0", "7") "unshare time; move in time; "
						       "drop capabilities; ",
		   "without an exec the process moves in time, and drops what an exec would");
	CHECK_SAME(steps("time = new", 0, true, PLAN_SPAWN), "unshare time; ",
		   "with one the kernel moves it");
}

static void writing(void)
{
	CHECK_SAME(
		steps("mnt = /m; user = new; uid_map = auto; net = new", 7, false, PLAN_SPAWN),
		"open /m; start the map writer; join what is allowed; join; unshare user; have the "
		"maps written; take mapped ids; unshare net; bring lo up; chdir; ",
		"the map writer is started before anything is joined");
}

/* The largest rule there can be fits struct plan (ASan would tell). */
static void largest(void)
{
	steps("user = pid:1; mnt = pid:2; net = pid:3; ipc = pid:4; uts = pid:5; cgroup = pid:6; "
	      "time = pid:7; cwd = /x",
	      7, false, PLAN_EXEC);
	steps("user = new; mnt = new; net = new; ipc = new; uts = new; cgroup = new; time = new; "
	      "uid_map = auto; gid_map = auto; cwd = /x",
	      7, false, PLAN_LOAD);
	steps("mnt = /1; net = /2; ipc = /3; uts = /4; cgroup = /5; time = new; cwd = /x", 7, false,
	      PLAN_LOAD);
	CHECK(true, "every kind at once fits a plan");
}

int main(void)
{
	creating();
	joining();
	ahead();
	loading();
	writing();
	largest();
	return check_end();
}

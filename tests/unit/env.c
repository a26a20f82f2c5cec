#include <stdlib.h>

#include "shim/env.h"
#include "tests/unit/check.h"

static const struct env_own own = {
	.preload = "LD_PRELOAD=/l/libnsshim.so",
	.state = "NSSHIM_STATE=-:/p.ini",
	.log = "NSSHIM_LOG=info",
};

/* The environment that comes of these entries, joined by '|'; in exactly the room asked for. */
static const char *made(const struct env_want *want, char *const *envp)
{
	static char words[1024];
	size_t size = env_room(&own, envp, want);
	void *room = malloc(size);
	char *const *e = size ? env_make(&own, room, envp, want) : envp;

	words[0] = '\0';
	for (; e && *e; e++) {
		strcat(words, *e);
		strcat(words, "|");
	}
	free(room);
	return words;
}

#define KEEP	 (&(struct env_want){ .leave = false })
#define LEAVE	 (&(struct env_want){ .leave = true })
#define GO_ON	 (&(struct env_want){ .decided = MARK_GO_ON, .path = "/bin/x:y", .stamp = 7 })
#define DECIDED	 (&(struct env_want){ .decided = MARK_DECIDED, .path = "/bin/x:y", .stamp = 7 })
#define ENV(...) ((char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })
#define OURS	 "LD_PRELOAD=/l/libnsshim.so|NSSHIM_STATE=-:/p.ini|NSSHIM_LOG=info|"

static void keeping(void)
{
	char *const whole[] = { "LD_PRELOAD=/l/libnsshim.so", "A=1", "NSSHIM_STATE=-:/p.ini",
				"NSSHIM_LOG=info", NULL };

	CHECK(env_room(&own, whole, KEEP) == 0, "an environment that has all is passed as it is");
	CHECK_SAME(made(KEEP, NULL), OURS, "no environment gets the shim's entries");
	CHECK_SAME(made(KEEP, ENV("A=1")), "A=1|" OURS, "one of the program's own keeps its own");
	CHECK_SAME(
		made(KEEP, ENV("LD_PRELOAD=/a.so:/b.so", "A=1")),
		"LD_PRELOAD=/a.so:/b.so:/l/libnsshim.so|A=1|NSSHIM_STATE=-:/p.ini|NSSHIM_LOG=info|",
		"another LD_PRELOAD stays in place, and in order");
	CHECK_SAME(made(KEEP, ENV("LD_PRELOAD=", "NSSHIM_LOG=off")),
		   "LD_PRELOAD=/l/libnsshim.so|NSSHIM_LOG=off|NSSHIM_STATE=-:/p.ini|",
		   "an empty one has the shim, and a log of the program's own stays");
	CHECK_SAME(made(KEEP, ENV("LD_PRELOAD=/o/libnsshim.so /c.so")),
		   "LD_PRELOAD=/o/libnsshim.so /c.so|NSSHIM_STATE=-:/p.ini|NSSHIM_LOG=info|",
		   "the shim by another path is the shim");
	CHECK_SAME(made(KEEP, ENV("NSSHIM_STATE=-:/old.ini", "NSSHIM_PROFILE=/n.ini",
				  "LD_PRELOAD=libnsshim.so")),
		   "NSSHIM_STATE=-:/p.ini|NSSHIM_PROFILE=/n.ini|LD_PRELOAD=libnsshim.so|"
		   "NSSHIM_LOG=info|",
		   "a newer profile stays beside the state");
	CHECK_SAME(
		made(GO_ON, whole),
		"LD_PRELOAD=/l/libnsshim.so|A=1|NSSHIM_STATE=c8,7:/bin/x:y/p.ini|NSSHIM_LOG=info|",
		"a decision to go on outside travels in the state");
}

static void deciding(void)
{
	char *const whole[] = { "LD_PRELOAD=/l/libnsshim.so", "NSSHIM_STATE=-:/p.ini",
				"NSSHIM_LOG=", NULL };

	CHECK_SAME(made(DECIDED, whole),
		   "LD_PRELOAD=/l/libnsshim.so|NSSHIM_STATE=d8,7:/bin/x:y/p.ini|NSSHIM_LOG=|",
		   "a decision that no rule fits travels with the path it is about");
}

static void leaving(void)
{
	CHECK_SAME(made(LEAVE, ENV("A=1", "LD_PRELOAD=/l/libnsshim.so", "NSSHIM_STATE=-:/p.ini",
				   "NSSHIM_LOG=info", "NSSHIM_PROFILE=x", "NSSHIM_X=1", "B=2")),
		   "A=1|B=2|", "what enters has nothing of the shim");
	CHECK_SAME(made(LEAVE, ENV("LD_PRELOAD=/a.so:/l/libnsshim.so:/b.so", "A=1")),
		   "LD_PRELOAD=/a.so:/b.so|A=1|", "other libraries stay in place and order");
	CHECK_SAME(made(LEAVE, ENV("LD_PRELOAD=/l/libnsshim.so /b.so")), "LD_PRELOAD=/b.so|",
		   "also where a space stands between them");
	CHECK_SAME(made(LEAVE, ENV("LD_PRELOAD=/a.so  : /l//libnsshim.so")), "LD_PRELOAD=/a.so|",
		   "also behind them");
	CHECK_SAME(made(LEAVE, ENV("LD_PRELOAD=/x/mylibnsshim.so", "NSSHIMX=1")),
		   "LD_PRELOAD=/x/mylibnsshim.so|NSSHIMX=1|", "names that only look like it stay");
	CHECK(env_room(&own, ENV("A=1"), LEAVE) == 0, "what has nothing of it is passed as it is");
}

static void carrying(void)
{
	const struct env_want want = { .leave = true, .carried = true };
	char a[] = "NSSHIM_LD_PRELOAD=/b.so", b[] = "LDX=1", *back[] = { a, b, NULL };

	CHECK_SAME(made(&want, ENV("LD_PRELOAD=/b.so:/l/libnsshim.so", "LD_AUDIT=/c.so", "LDX=1")),
		   "NSSHIM_LD_PRELOAD=/b.so|NSSHIM_LD_AUDIT=/c.so|LDX=1|",
		   "what ld.so would act on has another name for the process in between");
	CHECK(env_room(&own, ENV("A=1"), &want) == 0, "and nothing else is touched for that");
	env_uncarry(back);
	CHECK(!strcmp(back[0], "LD_PRELOAD=/b.so") && back[1] == b, "which gives it back");
}

static void stripping(void)
{
	char a[] = "A=1", p[] = "LD_PRELOAD=/l/libnsshim.so:/b.so", s[] = "NSSHIM_STATE=-:x",
	     b[] = "B=2";
	char *envp[] = { a, s, p, b, NULL };

	env_strip(envp);
	CHECK(envp[0] == a && envp[2] == b && !envp[3] && !envp[4],
	      "in place the entries move up and null is behind them");
	CHECK_SAME(envp[1], "LD_PRELOAD=/b.so", "and LD_PRELOAD is shortened where it stands");
}

static void marks(void)
{
	CHECK(env_marked("/l/.//./libnsshim.so") && env_marked("/a.so:/l/.//./libnsshim.so /b.so"),
	      "the detour before the library's name is a mark");
	CHECK(!env_marked("/l/libnsshim.so") && !env_marked("libnsshim.so") && !env_marked(NULL) &&
		      !env_marked("/l/.//./other.so") && !env_marked("/l//libnsshim.so"),
	      "no other spelling is one");
}

int main(void)
{
	keeping();
	deciding();
	leaving();
	carrying();
	stripping();
	marks();
	return check_end();
}

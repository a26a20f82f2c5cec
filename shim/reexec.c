#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "conf/text.h"
#include "shim/helper.h"
#include "shim/reexec.h"
#include "shim/remedy.h"
#include "shim/scratch.h"
#include "shim/sys.h"

/* The arguments' texts that are made here. */
struct words {
	char dirfd[12], flags[12], options[4], begun[24];
};

static const struct env_want leave = { .leave = true, .carried = true };

static void number(char *buf, size_t size, long long n)
{
	struct text t = text_in(buf, size);

	text_num(&t, n);
}

static size_t room(const struct state *s, const struct target *t)
{
	return (REEXEC_ARGV + target_count(t->argv) + 1) * sizeof(char *) +
	       env_room(&s->own.env, t->envp, &leave);
}

/* argv for the image in `at`, which has room(); what of it is left over becomes its environment. */
static char **arguments(void *at, struct words *w, const char *mode, const char *sock,
			const struct state *s, const char *profile, const struct rule *rule,
			const struct target *t, long long begun)
{
	char **argv = at;
	size_t n = target_count(t->argv);
	bool keep = t->dirfd >= 0 && sys_fcntl(t->dirfd, F_GETFD, 0) & FD_CLOEXEC;
	struct text options = text_in(w->options, sizeof w->options);

	number(w->dirfd, sizeof w->dirfd, t->dirfd);
	number(w->flags, sizeof w->flags, t->flags);
	number(w->begun, sizeof w->begun, begun);
	text_str(&options, t->shell ? "s" : "");
	text_str(&options, keep ? "k" : "");
	argv[REEXEC_NAME] = (char *)"nsshim";
	argv[REEXEC_MODE] = (char *)mode;
	argv[REEXEC_PROFILE] = (char *)profile;
	argv[REEXEC_RULE] = (char *)rule->name;
	argv[REEXEC_PLACE] = (char *)s->own.home.place;
	argv[REEXEC_INIT] = (char *)s->own.home.init;
	argv[REEXEC_LOG] = (char *)(s->own.env.log ? strchr(s->own.env.log, '=') + 1 : "");
	argv[REEXEC_DIRFD] = w->dirfd;
	argv[REEXEC_FLAGS] = w->flags;
	argv[REEXEC_OPTIONS] = w->options;
	argv[REEXEC_SOCK] = (char *)sock;
	argv[REEXEC_BEGUN] = w->begun;
	argv[REEXEC_PATH] = (char *)t->path;
	if (n)
		memcpy(argv + REEXEC_ARGV, t->argv, n * sizeof *argv);
	argv[REEXEC_ARGV + n] = NULL;
	return argv;
}

static char *const *environment(char **argv, const struct state *s, const struct target *t)
{
	void *left = argv + REEXEC_ARGV + target_count(t->argv) + 1;
	static char *const none[] = { NULL };

	if (env_room(&s->own.env, t->envp, &leave))
		return env_make(&s->own.env, left, t->envp, &leave);
	return t->envp ? t->envp : none;
}

static int no_room(struct fault *f)
{
	return fault_set(f, "mmap", NS_KINDS, NULL, ENOMEM);
}

int reexec_try(const struct state *s, const char *profile, const struct rule *rule,
	       const struct target *t, struct fault *f)
{
	size_t size = room(s, t);
	void *at = scratch_or_stack(size);
	struct helper *h = helper_open();
	struct words w;
	struct rlimit limit;
	bool raised = false;
	int failed;

	if (!h && errno == EMFILE) {
		raised = sys_raise_files(&limit);
		h = helper_open();
	}
	if (!at || !h) {
		failed = at ? fault_set(f, "socketpair", NS_KINDS, NULL, errno) : no_room(f);
	} else {
		char **argv = arguments(at, &w, "--try", h->number, s, profile, rule, t, 0);

		h->keep = t->dirfd;
		failed = helper_start(h, s->own.home.image, argv, environment(argv, s, t), f) ||
			 helper_ask(h, f);
	}
	if (h)
		helper_end(h);
	if (raised)
		sys_lower_files(&limit);
	scratch_or_stack_done(at, size);
	if (failed)
		remedy_errno(f, rule);
	return failed ? -1 : 0;
}

int reexec(const struct state *s, const char *profile, const struct rule *rule,
	   const struct target *t, long long begun, struct fault *f)
{
	size_t size = room(s, t);
	void *at = scratch_or_stack(size);
	struct words w;
	char **argv;
	long flags = t->dirfd >= 0 ? sys_fcntl(t->dirfd, F_GETFD, 0) : -1;

	if (!at)
		return no_room(f);
	argv = arguments(at, &w, "--enter", "-1", s, profile, rule, t, begun);
	if (flags >= 0)
		sys_fcntl(t->dirfd, F_SETFD, 0);
	helper_become(s->own.home.image, argv, environment(argv, s, t), f);
	fault_in(f, rule->name);
	if (flags >= 0)
		sys_fcntl(t->dirfd, F_SETFD, flags);
	scratch_or_stack_done(at, size);
	return -1;
}

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "conf/match.h"
#include "conf/pattern.h"
#include "conf/text.h"
#include "shim/choose.h"
#include "shim/locate.h"
#include "shim/mark.h"
#include "shim/next.h"
#include "shim/state.h"
#include "shim/sys.h"

extern char **environ;

static struct state first;
static struct state *_Atomic current;
static atomic_int claimed;

_Noreturn static void refuse(void)
{
	_exit(EXIT_PROFILE);
}

static void say(void *ctx, const struct fault *f)
{
	const struct state *s = ctx;
	struct fault told = *f;
	int fd = log_open(&s->log, LOG_ERROR);

	if (!told.line)
		fault_why(&told, told.why[0]
					 ? "; NSSHIM_PROFILE=none runs a command without a profile"
					 : "NSSHIM_PROFILE=none runs a command without a profile");
	if (fd >= 0)
		fault_write(&told, fd);
	log_close(&s->log, fd);
}

_Noreturn static void told(struct state *s, const struct fault *f)
{
	say(s, f);
	refuse();
}

static struct profile *load(struct state *s, const struct source *src)
{
	struct profile *p = profile_load(src, sys_trusts(), say, s);

	if (!p)
		refuse();
	return p;
}

static void keep_first(void *ctx, const struct fault *f)
{
	struct fault *first_told = ctx;

	if (first_told && !first_told->op[0])
		*first_told = *f;
}

/* All descriptors may be in use by now. */
static struct profile *load_late(const struct state *s, struct fault *f)
{
	struct rlimit limit;
	bool raised = sys_raise_files(&limit);
	struct profile *p = profile_load(&s->source, sys_trusts(), keep_first, f);

	if (raised)
		sys_lower_files(&limit);
	return p;
}

/*
 * A process that has dropped root trusts more files than one that has not, and may share its
 * memory: what it has read is for those of its own uid.
 */
const struct profile *state_profile(const struct state *constant, struct fault *f)
{
	struct state *s = (struct state *)constant;
	struct profile *p = atomic_load_explicit(&s->profile, memory_order_acquire);
	struct profile *_Atomic *slot = &s->profile;
	struct profile *none = NULL;
	uid_t euid;

	if (p)
		return p;
	euid = geteuid();
	if (euid != s->euid) {
		slot = &s->dropped;
		p = atomic_load_explicit(slot, memory_order_acquire);
		if (p && p->reader == euid)
			return p;
	}
	if (f)
		f->op[0] = '\0';
	p = load_late(s, f);
	if (!p)
		return NULL;
	p->reader = euid;
	if (!atomic_compare_exchange_strong(slot, &none, p) && none->reader == euid) {
		profile_free(p); /* another thread was first */
		return none;
	}
	return p;
}

struct env_want state_want(const struct state *s, enum mark_kind decided, const char *path)
{
	const struct profile *p = atomic_load_explicit(&s->profile, memory_order_acquire);

	/* A relative path may be another program's where a later process stands; and what is
	   quickly decided again is. That an entry failed and was let go is not. */
	if (decided == MARK_DECIDED && !(p && p->large && path && path[0] == '/'))
		decided = MARK_PLAIN;
	return (struct env_want){ .decided = decided,
				  .path = path ? path : "",
				  .stamp = p ? p->stamp : 0 };
}

/*
 * A large profile takes milliseconds to read. A program for which it has been decided, while the
 * file was what it is now, reads it when it starts another program, which most never do. Not so a
 * small one: later it might be out of reach, for want of a descriptor or behind a chroot.
 */
static bool is_decided(const struct state *s, const struct mark *m)
{
	struct stat st;

	return s->source.kind == SOURCE_FILE && !stat(s->source.text, &st) &&
	       file_stamp(&st) == m->stamp;
}

/*
 * An NSSHIM_PROFILE beside the mark is newer: it decides for what this program starts, and the
 * mark's for this program.
 */
static void read_profiles(struct state *s, const struct mark *mark, bool asks, bool newer)
{
	struct source older = locate_again(mark ? mark->profile : "");

	if (mark && mark->kind == MARK_DECIDED && !asks && !newer && is_decided(s, mark))
		return;
	s->profile = load(s, &s->source);
	if ((asks || (s->wrapped && s->profile->early)) && s->source.kind != SOURCE_NONE)
		s->judge = newer ? load(s, &older) : s->profile;
	s->judged_by = newer ? older.text : s->source.text;
}

/* CLOCK_BOOTTIME, as the start of a process in /proc/PID/stat. */
static struct tree new_tree(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (struct tree){ (unsigned)getpid(), (unsigned long long)now.tv_sec * 1000000000 +
							  (unsigned long long)now.tv_nsec };
}

static void build(struct state *s)
{
	const char *named = env_value(environ, "NSSHIM_PROFILE");
	const char *preload = env_value(environ, "LD_PRELOAD");
	const char *log = env_value(environ, "NSSHIM_LOG");
	const char *name = (const char *)getauxval(AT_EXECFN);
	struct mark mark;
	bool marked = mark_read(&mark, env_value(environ, "NSSHIM_STATE"));
	bool asks = marked ? mark_asks(&mark, name ? name : "") : !named && env_marked(preload);
	struct text born_by = text_in(s->born_by, sizeof s->born_by);
	struct fault f;

	s->wrapped = !marked && !asks;
	s->euid = (uid_t)getauxval(AT_EUID);
	s->own.room = text_in(s->own.text, sizeof s->own.text);
	log_parse(&s->log, NULL);
	if (log && own_log(&s->own, &s->log, log, &f)) {
		fault_write(&f, STDERR_FILENO);
		refuse();
	}
	if (marked && !named)
		s->source = locate_again(mark.profile);
	else if (locate(named, &s->source, s->file, &f))
		told(s, &f);
	/* What came past the doors without a variable of the shim's does not know its tree. */
	if (!marked)
		mark.tree = asks ? (struct tree){ 0 } : new_tree();
	if (own_make(&s->own, &mark.tree, locate_value(&s->source), preload,
		     env_value(environ, "XDG_RUNTIME_DIR"), &f))
		told(s, &f);
	s->source.text = s->own.home.profile;
	if (marked && mark.kind == MARK_CHILD && mark.stamp != (unsigned)getpid())
		text_bytes(&born_by, mark.path, mark.len);
	read_profiles(s, marked ? &mark : NULL, asks, marked && named);
}

/* Another library's execve could come after ours only if it is preloaded too. */
static bool others_preloaded(void)
{
	const char *preload = env_value(environ, "LD_PRELOAD");
	size_t len;
	const char *own = preload ? env_own_entry(preload, &len) : NULL;

	return !own || own != preload || own[len] || !access("/etc/ld.so.preload", F_OK);
}

const struct state *state_get(void)
{
	struct state *s = atomic_load_explicit(&current, memory_order_acquire);
	struct state *other = NULL;
	int saved = errno;

	if (s)
		return s;
	/* Two threads of early constructors: each builds one, the first to finish is kept. */
	s = &first;
	if (atomic_exchange(&claimed, 1)) {
		s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			 0);
		if (s == MAP_FAILED)
			refuse();
	}
	if (others_preloaded())
		next_resolve_exec();
	if (!getauxval(AT_SECURE)) {
		s->active = true;
		build(s);
	}
	errno = saved;
	return atomic_compare_exchange_strong(&current, &other, s) ? s : other;
}

void state_mark(char **envp)
{
	own_exchange(&atomic_load(&current)->own, envp);
}

void state_mark_children(char **envp, const struct rule *rule)
{
	struct state *s = atomic_load(&current);

	own_tell_children(&s->own, envp, rule->name, s->judged_by);
	if (environ && environ != envp) /* an earlier constructor has called setenv */
		own_tell_children(&s->own, environ, rule->name, s->judged_by);
}

void state_retire(void)
{
	struct state *s = atomic_load(&current);

	s->active = false;
}

bool state_could(const char *path)
{
	const struct state *s = state_get();
	const struct profile *p;

	if (!s->active || s->entered)
		return false;
	if (s->children)
		return true;
	p = state_profile(s, NULL);
	if (!p || !choose_by_name(path)) /* who executes it says what is wrong */
		return true;
	return match_could(p, pattern_base(path));
}

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conf/match.h"
#include "conf/pattern.h"
#include "conf/text.h"
#include "shim/choose.h"
#include "shim/library.h"
#include "shim/locate.h"
#include "shim/mark.h"
#include "shim/next.h"
#include "shim/path.h"
#include "shim/state.h"
#include "shim/sys.h"

#define PRELOAD "LD_PRELOAD="

extern char **environ;

static struct state first;
static struct state *_Atomic current;
static atomic_bool claimed;

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

static struct profile *load(struct state *s, const struct source *src)
{
	struct profile *p = profile_load(src, sys_trusts(), say, s);

	if (!p)
		refuse();
	return p;
}

const struct profile *state_profile(const struct state *constant)
{
	struct state *s = (struct state *)constant;
	struct profile *p = atomic_load_explicit(&s->profile, memory_order_acquire);
	struct profile *other = NULL;

	if (p)
		return p;
	p = profile_load(&s->source, sys_trusts(), say, s);
	/* A child that has dropped root trusts more files than its parent, whose memory this may be. */
	if (!p || geteuid() != s->euid || atomic_compare_exchange_strong(&s->profile, &other, p))
		return p;
	profile_free(p); /* another thread was first */
	return other;
}

/* What fork(2) copies should be there once, not be read by each child. */
static void before_fork(void)
{
	state_profile(state_get());
}

struct env_want state_want(const struct state *s, enum mark_kind decided, const char *path)
{
	const struct profile *p = atomic_load_explicit(&s->profile, memory_order_acquire);

	/* A relative path may be another program's where a later process stands; and what is quickly
	   decided again is. That an entry failed and was let go is not. */
	if (decided == MARK_DECIDED && !(p && p->large && path && path[0] == '/'))
		decided = MARK_PLAIN;
	return (struct env_want){ .decided = decided,
				  .path = path ? path : "",
				  .stamp = p ? p->stamp : 0 };
}

_Noreturn static void too_long(struct state *s, const char *what)
{
	struct fault f;

	fault_set(&f, "keep", NS_KINDS, what, ENAMETOOLONG);
	fault_why(&f, "it is too long to be passed on: a file can hold more");
	say(s, &f);
	refuse();
}

/* Ends a text of the shim's own in s->room, after adding a and b to it. */
static const char *keep(struct state *s, const char *a, const char *b)
{
	struct text *t = &s->room;
	const char *start = t->at;

	text_str(t, a);
	text_str(t, b);
	if (t->cut || t->at == t->end)
		too_long(s, start);
	t->at++;
	return start;
}

/* A path that is relative has to mean the same file to whoever is started elsewhere. */
__attribute__((noinline)) static void find_log(struct state *s, const char *value)
{
	char path[PATH_MAX];
	struct fault f;
	size_t level;

	if (!log_parse(&s->log, value)) {
		fault_set(&f, "NSSHIM_LOG", NS_KINDS, value, EINVAL);
		fault_why(&f, "off, error, info or debug, or one of them, a colon and a path");
		fault_write(&f, STDERR_FILENO);
		refuse();
	}
	level = strcspn(value, ":");
	s->own.log = s->room.at;
	text_str(&s->room, "NSSHIM_LOG=");
	text_bytes(&s->room, value, level);
	if (s->log.path && path_absolute(AT_FDCWD, s->log.path, path)) {
		keep(s, ":", path);
		s->log.path = s->own.log + strlen("NSSHIM_LOG=") + level + 1;
	} else {
		keep(s, value + level, "");
	}
}

static struct source source_of_mark(const char *value)
{
	if (value[0] == '/')
		return (struct source){ SOURCE_FILE, value };
	if (!strcmp(value, "none"))
		return (struct source){ SOURCE_NONE, value };
	return (struct source){ value[0] ? SOURCE_INLINE : SOURCE_BUILTIN, value };
}

/* What a function wrote at s->room.at, PATH_MAX bytes at most. */
static const char *keep_written(struct state *s)
{
	s->room.at += strlen(s->room.at);
	return keep(s, "", "");
}

/* The shim's own entries: what children are given, and what the profile's name is read from. */
static void make_own(struct state *s, const char *preload)
{
	const char *profile = locate_value(&s->source);
	const char *library;
	struct mark m;

	s->own.state = s->room.at;
	mark_text(&s->room, MARK_PLAIN, NULL, 0, profile);
	keep(s, "", "");
	mark_read(&m, s->own.state + strlen(MARK_NAME));
	s->source.text = m.profile;
	if (s->room.end - s->room.at < 2 * PATH_MAX)
		too_long(s, profile);
	s->own.preload = s->room.at;
	text_str(&s->room, PRELOAD);
	library = s->room.at;
	library_find(preload, s->room.at);
	keep_written(s);
	s->helper = s->room.at;
	library_helper(library, s->room.at);
	keep_written(s);
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
	       file_stamp(&st) == m->stamp && !pthread_atfork(before_fork, NULL, NULL);
}

/*
 * An NSSHIM_PROFILE beside the mark is newer: it decides for what this program starts, and the
 * mark's for this program.
 */
static void read_profiles(struct state *s, const struct mark *mark, bool asks, bool newer)
{
	struct source older = source_of_mark(mark ? mark->profile : "");

	if (mark && mark->kind == MARK_DECIDED && !asks && !newer && is_decided(s, mark))
		return;
	s->profile = load(s, &s->source);
	if (asks && s->source.kind != SOURCE_NONE)
		s->judge = newer ? load(s, &older) : s->profile;
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
	struct fault f;

	s->euid = (uid_t)getauxval(AT_EUID);
	s->room = text_in(s->text, sizeof s->text);
	log_parse(&s->log, NULL);
	if (log)
		find_log(s, log);
	if (marked && !named) {
		s->source = source_of_mark(mark.profile);
	} else if (locate(named, &s->source, s->file, &f)) {
		say(s, &f);
		refuse();
	}
	make_own(s, preload);
	read_profiles(s, marked ? &mark : NULL, asks, named);
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
	if (atomic_exchange(&claimed, true)) {
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

/* LD_PRELOAD with the shim's own entry spelled `own`, all others as they were. */
static char *respell(struct state *s, const char *entry, const char *own)
{
	size_t len;
	const char *old = env_own_entry(entry + strlen(PRELOAD), &len);
	struct text *t = &s->room;
	char *start = t->at;

	if (!old)
		return NULL;
	text_bytes(t, entry, (size_t)(old - entry));
	text_str(t, own);
	text_str(t, old + len);
	if (t->cut)
		return NULL;
	t->at++;
	return start;
}

/*
 * Where the environment has no variable of the shim's to exchange, a detour in its own
 * path is the mark. A relative path becomes absolute: what starts elsewhere must find it too.
 */
__attribute__((noinline)) static void spell_preload(struct state *s, char **entry, bool known)
{
	const char *library = s->own.preload + strlen(PRELOAD);
	const char *name = strrchr(library, '/');
	size_t len;
	const char *old = env_own_entry(*entry + strlen(PRELOAD), &len);
	bool relative = old && memchr(old, '/', len) && old[0] != '/';
	char own[PATH_MAX + sizeof ENV_MARK];
	struct text t = text_in(own, sizeof own);
	char *new;

	if (!old || !name || (known && !relative) || env_marked(*entry + strlen(PRELOAD)))
		return;
	text_bytes(&t, library, (size_t)(name - library));
	text_str(&t, known ? "/" : ENV_MARK);
	text_str(&t, name + 1);
	new = respell(s, *entry, own);
	if (new)
		*entry = new;
}

void state_mark(char **envp)
{
	struct state *s = atomic_load(&current);
	char **preload = NULL;
	bool known = false;

	for (char **e = envp; *e; e++) {
		if (**e != 'N' && **e != 'L')
			continue;
		if (!strncmp(*e, "NSSHIM_PROFILE=", 15) ||
		    !strncmp(*e, MARK_NAME, strlen(MARK_NAME))) {
			*e = (char *)s->own.state;
			known = true;
		} else if (!strncmp(*e, "NSSHIM_LOG=", 11) && s->own.log) {
			*e = (char *)s->own.log;
		} else if (!strncmp(*e, PRELOAD, strlen(PRELOAD))) {
			preload = e;
		}
	}
	if (preload)
		spell_preload(s, preload, known);
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

	if (!s->active)
		return false;
	p = state_profile(s);
	if (!p || !choose_by_name(path)) /* the child says what is wrong */
		return true;
	return match_could(p, pattern_base(path));
}

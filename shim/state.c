#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conf/match.h"
#include "conf/text.h"
#include "shim/locate.h"
#include "shim/next.h"
#include "shim/path.h"
#include "shim/state.h"
#include "shim/sys.h"

#define STATE	"NSSHIM_STATE="
#define PLAIN	"-:" /* NSSHIM_STATE=-:PROFILE */
#define GO_ON	"c:" /* NSSHIM_STATE=c:PROFILE: the next load door does not decide */
#define PRELOAD "LD_PRELOAD="

extern char **environ;

enum { LARGE = 256 /* rules: a tenth of a millisecond to read */ };

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
	struct profile *p = profile_load(src, sys_trusted_uid(), say, s);

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
	p = profile_load(&s->source, sys_trusted_uid(), say, s);
	if (!p || atomic_compare_exchange_strong(&s->profile, &other, p))
		return p;
	profile_free(p); /* another thread was first */
	return other;
}

/* What fork(2) copies should be there once, not be read by each child. */
static void before_fork(void)
{
	state_profile(state_get());
}

struct env_want state_want(const struct state *s, enum env_as as, const char *path)
{
	bool decided = as == ENV_KEEP && s->large && path && path[0] == '/';

	return (struct env_want){ as, decided ? path : NULL };
}

/* Adds a text of the shim's own to s->text. */
static const char *keep(struct state *s, struct text *t, const char *a, const char *b,
			const char *c)
{
	struct fault f;
	const char *start = t->at;

	text_str(t, a);
	text_str(t, b);
	text_str(t, c);
	if (t->cut || t->at == t->end) {
		fault_set(&f, "keep", NS_KINDS, b, ENAMETOOLONG);
		say(s, &f);
		refuse();
	}
	t->at++;
	return start;
}

/* The library's path, as it was named or, where that is no path, as it was found. */
static void find_library(const char *preload, char *path)
{
	size_t len;
	const char *own = preload ? env_own_entry(preload, &len) : NULL;
	struct text t = text_in(path, PATH_MAX);
	Dl_info info;

	if (own)
		text_bytes(&t, own, len);
	if (own && memchr(own, '/', len) && !memchr(own, '$', len)) {
		char entry[PATH_MAX];

		memcpy(entry, path, sizeof entry);
		if (path_absolute(AT_FDCWD, entry, path))
			return;
	}
	t = text_in(path, PATH_MAX);
	if (dladdr(&first, &info) && info.dli_fname)
		text_str(&t, info.dli_fname);
}

static void find_helper(struct state *s, const char *library)
{
	const char *slash = strrchr(library, '/');
	struct text t = text_in(s->helper, sizeof s->helper);

	if (library[0] != '/')
		return;
	text_bytes(&t, library, (size_t)(slash + 1 - library));
	text_str(&t, "nsshim");
	if (t.cut)
		s->helper[0] = '\0';
}

static void find_log(struct state *s, struct text *t, const char *value)
{
	char path[PATH_MAX];
	struct fault f;
	const char *colon;

	if (!log_parse(&s->log, value)) {
		fault_set(&f, "NSSHIM_LOG", NS_KINDS, value, EINVAL);
		fault_why(&f, "off, error, info or debug, or one of them, a colon and a path");
		s->log = (struct log){ .level = LOG_ERROR };
		say(s, &f);
		refuse();
	}
	if (!value)
		return;
	colon = strchr(value, ':');
	if (s->log.path && s->log.path[0] != '/' && path_absolute(AT_FDCWD, s->log.path, path)) {
		s->own.log = keep(s, t, "NSSHIM_LOG=", "", "");
		t->at--;
		text_bytes(t, value, (size_t)(colon + 1 - value));
		s->log.path = keep(s, t, path, "", "");
	} else {
		s->own.log = keep(s, t, "NSSHIM_LOG=", value, "");
		if (colon)
			s->log.path = strchr(s->own.log, ':') + 1;
	}
}

/* An LD_PRELOAD entry that says by a second slash that this is a wrapped program's descendant. */
static bool marked(const char *preload)
{
	size_t len;
	const char *own = preload ? env_own_entry(preload, &len) : NULL;
	const char *name = own ? own + len - strlen("libnsshim.so") : NULL;

	return own && name - own >= 2 && name[-1] == '/' && name[-2] == '/';
}

static struct source source_of_state(const char *value)
{
	if (value[0] == '/')
		return (struct source){ SOURCE_FILE, value };
	if (!strcmp(value, "none"))
		return (struct source){ SOURCE_NONE, value };
	return (struct source){ value[0] ? SOURCE_INLINE : SOURCE_BUILTIN, value };
}

/*
 * NSSHIM_STATE is FLAG:PROFILE, made by env.c. Null where it is no such text, or none.
 * *asks: does a load door have to decide for this process? It has been, by the door it came
 * through, where that went on outside, or says that no rule fits the program of this path.
 */
static const char *read_state(const char *text, bool *asks, bool *late)
{
	const char *name = (const char *)getauxval(AT_EXECFN);
	const char *rest = text && name ? env_decided(text, name) : NULL;

	*late = rest;
	*asks = text && !rest && text[0] != GO_ON[0];
	if (rest || !text)
		return rest;
	if (text[0] == 'd') { /* about another program, which had no constructor to take it out */
		size_t len = strtoul(text + 1, (char **)&rest, 10);

		return *rest == ':' && strnlen(rest, len + 1) > len ? rest + 1 + len : NULL;
	}
	return !strncmp(text, PLAIN, 2) || !strncmp(text, GO_ON, 2) ? text + 2 : NULL;
}

static void build(struct state *s)
{
	const char *named = env_value(environ, "NSSHIM_PROFILE");
	const char *preload = env_value(environ, "LD_PRELOAD");
	bool asks, late;
	const char *state = read_state(env_value(environ, "NSSHIM_STATE"), &asks, &late);
	struct text *t = &s->room;
	char library[PATH_MAX];
	struct fault f;

	*t = text_in(s->text, sizeof s->text);
	find_log(s, t, env_value(environ, "NSSHIM_LOG"));
	if (!named && state)
		s->source = source_of_state(state);
	else if (locate(named, &s->source, s->file, &f)) {
		say(s, &f);
		refuse();
	}
	find_library(preload, library);
	find_helper(s, library);
	s->own.preload = keep(s, t, PRELOAD, library, "");
	s->own.state = keep(s, t, STATE, PLAIN, locate_value(&s->source));
	s->own.go_on = keep(s, t, STATE, GO_ON, locate_value(&s->source));
	s->source.text = s->own.state + strlen(STATE PLAIN);
	if (late && !named) {
		s->large = true;
		pthread_atfork(before_fork, NULL, NULL);
		return;
	}
	s->profile = load(s, &s->source);
	s->large = s->profile->rules >= LARGE;
	if (s->source.kind == SOURCE_NONE)
		return;
	if (named && state && asks) {
		struct source older = source_of_state(state);

		s->judge = load(s, &older);
	} else if (!named && (state ? asks : marked(preload))) {
		s->judge = s->profile;
	}
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
	next_resolve();
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
 * Where the environment has no variable of the shim's to exchange, a second slash in its own
 * path is the mark. A relative path becomes absolute: what starts elsewhere must find it too.
 */
static void mark_preload(struct state *s, char **entry, bool known)
{
	const char *library = s->own.preload + strlen(PRELOAD);
	const char *name = strrchr(library, '/');
	size_t len;
	const char *old = env_own_entry(*entry + strlen(PRELOAD), &len);
	bool relative = old && memchr(old, '/', len) && old[0] != '/';
	char own[PATH_MAX + 1];
	struct text t = text_in(own, sizeof own);
	char *new;

	if (!old || !name || (known && !relative) || marked(*entry + strlen(PRELOAD)))
		return;
	text_bytes(&t, library, (size_t)(name - library));
	text_str(&t, known ? "" : "/");
	text_str(&t, name);
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
		if (!strncmp(*e, "NSSHIM_PROFILE=", 15) || !strncmp(*e, STATE, strlen(STATE))) {
			*e = (char *)s->own.state;
			known = true;
		} else if (!strncmp(*e, "NSSHIM_LOG=", 11) && s->own.log) {
			*e = (char *)s->own.log;
		} else if (!strncmp(*e, PRELOAD, strlen(PRELOAD))) {
			preload = e;
		}
	}
	if (preload)
		mark_preload(s, preload, known);
}

void state_retire(void)
{
	struct state *s = atomic_load(&current);

	s->active = false;
}

bool state_could(const char *base)
{
	const struct state *s = state_get();
	const struct profile *p;

	if (!s->active)
		return false;
	p = state_profile(s);
	return !p || match_could(p, base); /* the child says what is wrong */
}

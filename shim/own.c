#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "shim/library.h"
#include "shim/mark.h"
#include "shim/own.h"
#include "shim/path.h"

#define PRELOAD "LD_PRELOAD="
#define LOG	"NSSHIM_LOG="
#define PROFILE "NSSHIM_PROFILE="

static int too_long(const char *what, struct fault *f)
{
	fault_set(f, "keep", NS_KINDS, what, ENAMETOOLONG);
	fault_why(f, "it is too long to be passed on: a file can hold more");
	return -1;
}

static bool starts(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

/* Ends the text at own->room. Null: it had no room. */
static const char *end_text(struct own *own, const char *start)
{
	if (own->room.cut || own->room.at == own->room.end)
		return NULL;
	own->room.at++;
	return start;
}

int own_log(struct own *own, struct log *log, const char *value, struct fault *f)
{
	char path[PATH_MAX];
	size_t level = strcspn(value, ":");
	char *start = own->room.at;

	if (!log_parse(log, value)) {
		fault_set(f, "NSSHIM_LOG", NS_KINDS, value, EINVAL);
		fault_why(f, "off, error, info or debug, or one of them, a colon and a path");
		return -1;
	}
	text_str(&own->room, LOG);
	text_bytes(&own->room, value, level);
	if (log->path && path_absolute(AT_FDCWD, log->path, path)) {
		text_str(&own->room, ":");
		text_str(&own->room, path);
		log->path = start + strlen(LOG) + level + 1;
	} else {
		text_str(&own->room, value + level);
	}
	own->env.log = end_text(own, start);
	return own->env.log ? 0 : too_long(value, f);
}

/* A directory that is far too long for a socket is none at all; another is told of in its use. */
static void make_place(struct own *own, const struct tree *tree, const char *runtime)
{
	struct text *t = &own->room;

	own->home.place = t->at;
	mark_tree_text(t, tree);
	text_str(t, ":");
	if (runtime && runtime[0] == '/' && strlen(runtime) < PATH_MAX / 2)
		text_str(t, runtime);
	t->at++;
}

int own_make(struct own *own, const struct tree *tree, const char *profile, const char *preload,
	     const char *runtime, struct fault *f)
{
	struct mark m;
	char *at = own->room.at;

	mark_text(&own->room, MARK_PLAIN, tree, NULL, 0, profile);
	own->env.state = end_text(own, at);
	if (!own->env.state || own->room.end - own->room.at < 4 * PATH_MAX)
		return too_long(profile, f);
	mark_read(&m, own->env.state + strlen(MARK_NAME));
	own->home.profile = m.profile;
	make_place(own, tree, runtime);

	own->env.preload = own->room.at;
	text_str(&own->room, PRELOAD);
	at = own->room.at;
	library_find(preload, at);
	own->home.init = at;
	own->room.at += strlen(at) + 1;
	own->home.image = own->room.at;
	library_helper(at, own->room.at);
	own->room.at += strlen(own->home.image) + 1;

	at = own->room.at;
	text_str(&own->room, PRELOAD);
	if (library_name(preload, own->home.init, own->room.at)) {
		own->env.preload = at;
		own->room.at += strlen(own->room.at) + 1;
	} else {
		own->room.at = at;
	}
	return 0;
}

/* LD_PRELOAD with the shim's own entry spelled so, all others as they were; null: no room. */
static const char *respell(struct own *own, const char *entry, const char *spelling)
{
	size_t len;
	const char *old = env_own_entry(entry + strlen(PRELOAD), &len);
	char *start = own->room.at;

	text_bytes(&own->room, entry, (size_t)(old - entry));
	text_str(&own->room, spelling);
	text_str(&own->room, old + len);
	return end_text(own, start);
}

/*
 * Where the environment has no variable of the shim's to exchange, a detour in its own path is the
 * mark. A relative path becomes absolute: what starts elsewhere must find it too.
 */
__attribute__((noinline)) static void exchange_preload(struct own *own, char **entry, bool known)
{
	const char *library = own->env.preload + strlen(PRELOAD);
	const char *name = strrchr(library, '/');
	const char *value = *entry + strlen(PRELOAD);
	size_t len;
	const char *old = env_own_entry(value, &len);
	bool relative = old && memchr(old, '/', len) && old[0] != '/';
	char spelling[PATH_MAX + sizeof ENV_MARK];
	struct text t = text_in(spelling, sizeof spelling);
	const char *new;

	if (!old || !name || (known && !relative) || env_marked(value))
		return;
	text_bytes(&t, library, (size_t)(name - library));
	text_str(&t, known ? "/" : ENV_MARK);
	text_str(&t, name + 1);
	new = respell(own, *entry, spelling);
	if (new)
		*entry = (char *)new;
}

void own_exchange(struct own *own, char **envp)
{
	char **preload = NULL;
	bool known = false;

	for (char **e = envp; *e; e++) {
		if (**e != 'N' && **e != 'L')
			continue;
		if (starts(*e, PROFILE) || starts(*e, MARK_NAME)) {
			*e = (char *)own->env.state;
			known = true;
		} else if (starts(*e, LOG) && own->env.log) {
			*e = (char *)own->env.log;
		} else if (starts(*e, PRELOAD)) {
			preload = e;
		}
	}
	if (preload)
		exchange_preload(own, preload, known);
}

void own_tell_children(struct own *own, char **envp, const char *rule, const char *profile)
{
	const char *told = own->room.at;
	const char *place = own->home.place;
	struct tree tree = { 0 };

	mark_tree_read(&tree, &place);
	mark_text(&own->room, MARK_CHILD, &tree, rule, (unsigned long long)getpid(), profile);
	told = end_text(own, told);
	for (char **e = envp; told && *e; e++)
		if (*e == own->env.state)
			*e = (char *)told;
}

#define _GNU_SOURCE
#include <stdint.h>
#include <string.h>

#include "conf/text.h"
#include "shim/env.h"
#include "shim/mark.h"
#include "shim/sys.h"

#define LIBRARY                                                                                    \
	"libnsshim.so" /* whatever folder, and whatever spelling of it ($LIB), it came from */
#define PRELOAD "LD_PRELOAD="
#define CARRIED "NSSHIM_"

enum { DIGITS = 48 /* of a length and a stamp */ };

enum entry { OTHER, OTHER_PRELOAD, OUR_PRELOAD, OUR_STATE, OUR_LOG, OUR_REST };

static bool starts(const char *s, const char *with, size_t len)
{
	/* The first byte alone tells for nearly all of an environment. */
	return s[0] == with[0] && !strncmp(s, with, len);
}

/*
 * The next entry of a list that ld.so takes apart at spaces and colons; its length, 0 at the end.
 */
static size_t next_of(const char **at)
{
	size_t len = 0;

	/* Not strspn and strcspn: nothing else has their pages of libc in memory at a start. */
	while (**at == ' ' || **at == ':')
		++*at;
	while ((*at)[len] && (*at)[len] != ' ' && (*at)[len] != ':')
		len++;
	return len;
}

static bool is_own(const char *entry, size_t len)
{
	size_t n = sizeof LIBRARY - 1;

	return len >= n && starts(entry + len - n, LIBRARY, n) &&
	       (len == n || entry[len - n - 1] == '/');
}

const char *env_own_entry(const char *preload, size_t *len)
{
	for (; (*len = next_of(&preload)); preload += *len)
		if (is_own(preload, *len))
			return preload;
	return NULL;
}

bool env_marked(const char *preload)
{
	size_t len, mark = strlen(ENV_MARK LIBRARY);
	const char *own = preload ? env_own_entry(preload, &len) : NULL;

	return own && len > mark && !memcmp(own + len - mark, ENV_MARK LIBRARY, mark);
}

static enum entry kind_of(const char *e)
{
	size_t len;

	if (sys_no_address(e))
		return OTHER;
	if (starts(e, PRELOAD, sizeof PRELOAD - 1))
		return env_own_entry(e + sizeof PRELOAD - 1, &len) ? OUR_PRELOAD : OTHER_PRELOAD;
	if (!starts(e, "NSSHIM_", 7))
		return OTHER;
	if (starts(e + 7, "STATE=", 6))
		return OUR_STATE;
	return starts(e + 7, "LOG=", 4) ? OUR_LOG : OUR_REST;
}

const char *env_value(char *const *envp, const char *name)
{
	size_t len = strlen(name);

	if (sys_no_address(envp))
		return NULL;
	for (; *envp; envp++)
		if (!sys_no_address(*envp) && starts(*envp, name, len) && (*envp)[len] == '=')
			return *envp + len + 1;
	return NULL;
}

static bool is_ld(const char *e)
{
	return !sys_no_address(e) && starts(e, "LD_", 3);
}

/* NSSHIM_STATE as it is wanted: the constant text, or made in t. */
static const char *state_of(const struct env_own *own, struct text *t, const struct env_want *want)
{
	const char *start = t->at;
	struct mark m;

	if (want->decided == MARK_PLAIN)
		return own->state;
	mark_read(&m, own->state + strlen(MARK_NAME));
	mark_text(t, want->decided, &m.tree, want->path, want->stamp, m.profile);
	t->at++;
	return start;
}

size_t env_room(const struct env_own *own, char *const *envp, const struct env_want *want)
{
	size_t count = 0, text = 0;
	unsigned seen = 0;
	bool change = !want->leave && want->decided != MARK_PLAIN;

	if (envp && sys_no_address(envp))
		return 0;
	for (; envp && envp[count]; count++) {
		enum entry kind = kind_of(envp[count]);

		seen |= 1u << kind;
		if (kind == OUR_PRELOAD || kind == OTHER_PRELOAD)
			text += strlen(envp[count]) + strlen(own->preload) + 2;
		if (want->carried && is_ld(envp[count])) {
			text += strlen(envp[count]) + sizeof CARRIED;
			change = true;
		}
		change |= want->leave
				  ? kind >= OUR_PRELOAD
				  : kind == OTHER_PRELOAD || (kind == OUR_STATE &&
							      strcmp(envp[count], own->state) != 0);
	}
	if (!want->leave)
		change |= !(seen & 1u << OUR_PRELOAD) || !(seen & 1u << OUR_STATE) ||
			  (own->log && !(seen & 1u << OUR_LOG));
	if (want->decided != MARK_PLAIN)
		text += strlen(own->state) + strlen(want->path) + DIGITS;
	return change ? (count + 4) * sizeof(char *) + text + 1 : 0;
}

/* LD_PRELOAD without the shim; null where nothing else was in it. */
static char *without(struct text *t, const char *entry)
{
	char *start = t->at;
	const char *at = entry + sizeof PRELOAD - 1;
	const char *from =
		at; /* what stands before an entry goes with it: separators stay as they were */
	bool others = false;
	size_t len;

	text_str(t, PRELOAD);
	while ((len = next_of(&at))) {
		if (!is_own(at, len)) {
			if (!others)
				from = at;
			text_bytes(t, from, (size_t)(at + len - from));
			others = true;
		}
		at += len;
		from = at;
	}
	t->at++; /* past the terminator */
	return others ? start : NULL;
}

/* LD_PRELOAD with the shim at its end: libraries that insist on being first (ASan's) are. */
static char *with(struct text *t, const char *entry, const char *own)
{
	char *start = t->at;

	text_str(t, entry);
	if (entry[sizeof PRELOAD - 1])
		text_str(t, ":");
	text_str(t, own + sizeof PRELOAD - 1);
	t->at++;
	return start;
}

/* Under another name, for a process in between. */
static char *carry(struct text *t, const char *entry)
{
	char *start = t->at;

	text_str(t, CARRIED);
	text_str(t, entry);
	t->at++;
	return start;
}

static char *wanted(const struct env_own *own, struct text *t, char *entry, const char *state)
{
	enum entry kind = kind_of(entry);

	if (!state) { /* leave */
		if (kind == OUR_PRELOAD)
			return without(t, entry);
		return kind > OUR_PRELOAD ? NULL : entry;
	}
	if (kind == OTHER_PRELOAD)
		return with(t, entry, own->preload);
	return kind == OUR_STATE ? (char *)state : entry;
}

char *const *env_make(const struct env_own *own, void *room, char *const *envp,
		      const struct env_want *want)
{
	char **to = room;
	size_t count = 0;
	unsigned seen = 0;
	const char *state;
	struct text t;

	while (envp && envp[count])
		count++;
	t = text_in((char *)(to + count + 4), SIZE_MAX / 4); /* env_room counted it */
	state = want->leave ? NULL : state_of(own, &t, want);
	for (size_t i = 0; i < count; i++) {
		enum entry kind = kind_of(envp[i]);
		char *e = wanted(own, &t, envp[i], state);

		if (kind == OTHER_PRELOAD)
			kind = OUR_PRELOAD; /* it is, by now */
		seen |= 1u << kind;
		if (e)
			*to++ = want->carried && is_ld(e) ? carry(&t, e) : e;
	}
	if (state) {
		if (!(seen & 1u << OUR_PRELOAD))
			*to++ = (char *)own->preload;
		if (!(seen & 1u << OUR_STATE))
			*to++ = (char *)state;
		if (own->log && !(seen & 1u << OUR_LOG))
			*to++ = (char *)own->log;
	}
	*to = NULL;
	return room;
}

void env_uncarry(char **envp)
{
	for (; *envp; envp++)
		if (starts(*envp, CARRIED "LD_", strlen(CARRIED "LD_")))
			*envp += strlen(CARRIED);
}

void env_strip(char **envp)
{
	char **to = envp;
	char **from;

	for (from = envp; *from; from++) {
		enum entry kind = kind_of(*from);

		if (kind == OUR_PRELOAD) {
			/* What is left of it is shorter: it is put in its own place. */
			size_t size = strlen(*from) + 1;
			char whole[size];
			struct text t;

			memcpy(whole, *from, size);
			t = text_in(*from, size);
			*to = without(&t, whole);
			to += *to != NULL;
		} else if (kind < OUR_PRELOAD) {
			*to++ = *from;
		}
	}
	/* Go reads past the first null for the auxiliary vector: a null there sends it to /proc. */
	while (to < from)
		*to++ = NULL;
}

#include <string.h>

#include "conf/guess.h"
#include "conf/idmap.h"
#include "conf/text.h"

static const char forms[][5] = { "root", "self", "auto" }; /* from IDMAP_ROOT on */

static const uint32_t last_id = UINT32_MAX - 1; /* (uid_t)-1 is none */

static void quote(struct text *t, const char *s, size_t len)
{
	text_str(t, "`");
	text_bytes(t, s, len);
	text_str(t, "`");
}

static void extent_text(struct text *t, const struct idmap_extent *e)
{
	text_num(t, e->inside);
	text_str(t, " ");
	text_num(t, e->outside);
	text_str(t, " ");
	text_num(t, e->count);
}

static int say(struct text *t, const char *words)
{
	text_str(t, words);
	return -1;
}

/* The next word of a value; its length, 0 at the end. */
static size_t word(const char **at)
{
	*at += strspn(*at, " \t");
	return strcspn(*at, " \t");
}

/*
 * A leading zero is refused because it reads as octal, and is not; a sign because strtoul(3)
 * takes one, and the kernel does not.
 */
static int number(const char *s, size_t len, uint32_t *n, struct text *why)
{
	uint64_t value = 0;

	quote(why, s, len);
	if (strspn(s, "0123456789") < len || (s[0] == '0' && len > 1))
		return say(why, " is no decimal number: INSIDE OUTSIDE COUNT, or root, self, auto");
	for (size_t i = 0; i < len && value <= UINT32_MAX; i++)
		value = value * 10 + (uint64_t)(s[i] - '0');
	if (value > UINT32_MAX)
		return say(why, " is more than 32 bits hold");
	*n = (uint32_t)value;
	return 0;
}

static int extent_of(const char *value, struct idmap_extent *e, char *buf, size_t size)
{
	uint32_t *const field[] = { &e->inside, &e->outside, &e->count };
	struct text why = text_in(buf, size);
	size_t len;

	for (unsigned i = 0; i < 3; i++, value += len) {
		len = word(&value);
		if (!len)
			return say(&why, "fewer than three numbers: INSIDE OUTSIDE COUNT");
		if (number(value, len, field[i], &why))
			return -1;
		why = text_in(buf, size);
	}
	if (word(&value))
		return say(&why, "more than three numbers: INSIDE OUTSIDE COUNT");
	if (!e->count)
		return say(&why, "a count of 0");
	return 0;
}

static bool collide(uint32_t a, uint32_t na, uint32_t b, uint32_t nb)
{
	return a < (uint64_t)b + nb && b < (uint64_t)a + na;
}

static int check(const struct idmap *m, const struct idmap_extent *e, struct text *why)
{
	if ((uint64_t)e->inside + e->count - 1 > last_id)
		return say(why, "overflow inside: the last id is 4294967294");
	if ((uint64_t)e->outside + e->count - 1 > last_id)
		return say(why, "overflow outside: the last id is 4294967294");
	for (unsigned i = 0; i < m->extents; i++) {
		const struct idmap_extent *o = &m->extent[i];
		bool inside = collide(o->inside, o->count, e->inside, e->count);

		if (!inside && !collide(o->outside, o->count, e->outside, e->count))
			continue;
		say(why, inside ? "overlap inside: `" : "overlap outside: `");
		extent_text(why, e);
		say(why, "` and `");
		extent_text(why, o);
		return say(why, "`");
	}
	return 0;
}

static int add_extent(struct idmap *m, const char *value, char *why, size_t size)
{
	char line[3 * sizeof "4294967295"];
	struct text t = text_in(line, sizeof line), words = text_in(why, size);
	struct idmap_extent e;

	if (m->extents == IDMAP_MOST) {
		m->full = true;
		return say(&words, "more than 340 extents, which the kernel does not take");
	}
	if (extent_of(value, &e, why, size) || check(m, &e, &words))
		return -1;
	extent_text(&t, &e);
	if (m->bytes + (size_t)(t.at - line) + 1 >= IDMAP_TEXT) {
		m->full = true;
		return say(&words, "a map of 4096 bytes or more, which the kernel does not take");
	}
	m->bytes += (unsigned)(t.at - line) + 1;
	m->form = IDMAP_EXTENTS;
	m->extent[m->extents++] = e;
	return 0;
}

int idmap_add(struct idmap *m, const char *value, char *why, size_t size)
{
	struct text t = text_in(why, size);
	size_t len = strlen(value);
	int form = words_find(WORDS(forms), value);

	if (m->form != IDMAP_UNSET && (form >= 0 || m->form != IDMAP_EXTENTS)) {
		quote(&t, form >= 0 ? value : forms[m->form - IDMAP_ROOT],
		      form >= 0 ? len : strlen(forms[m->form - IDMAP_ROOT]));
		return say(&t, " stands alone, but is not the only value of this map");
	}
	if (form >= 0) {
		m->form = IDMAP_ROOT + (unsigned)form;
		return 0;
	}
	if (!value[strcspn(value, "0123456789")]) {
		quote(&t, value, len);
		say(&t, " is neither INSIDE OUTSIDE COUNT nor root, self or auto");
		guess_tell(&t, WORDS(forms), value, len);
		return -1;
	}
	return add_extent(m, value, why, size);
}

long idmap_text(const struct idmap *m, char *buf, size_t size)
{
	struct text t = text_in(buf, size < IDMAP_TEXT ? size : IDMAP_TEXT);

	for (unsigned i = 0; i < m->extents; i++) {
		extent_text(&t, &m->extent[i]);
		text_str(&t, "\n");
	}
	return t.cut ? -1 : t.at - buf;
}

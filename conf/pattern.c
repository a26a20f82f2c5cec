#include <stddef.h>
#include <string.h>

#include "conf/pattern.h"

/* isalpha() and the like ask the locale; these are the classes of the C locale. */
static bool in_class(const char *name, size_t len, unsigned char c)
{
	bool up = c >= 'A' && c <= 'Z', low = c >= 'a' && c <= 'z', digit = c >= '0' && c <= '9';
	bool graph = c > ' ' && c < 0x7f;
	const struct {
		char name[7];
		bool has;
	} classes[] = {
		{ "alnum", up || low || digit },
		{ "alpha", up || low },
		{ "blank", c == ' ' || c == '\t' },
		{ "cntrl", c < ' ' || c == 0x7f },
		{ "digit", digit },
		{ "graph", graph },
		{ "lower", low },
		{ "print", graph || c == ' ' },
		{ "punct", graph && !up && !low && !digit },
		{ "space", c == ' ' || (c >= '\t' && c <= '\r') },
		{ "upper", up },
		{ "xdigit", digit || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f') },
	};

	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (strlen(classes[i].name) == len && !memcmp(classes[i].name, name, len))
			return classes[i].has;
	return false;
}

/* One character of a bracket expression, plain, `\x` or `[.x.]`; null: there is none. */
static const char *element(const char *p, unsigned char *c)
{
	if (p[0] == '[' && p[1] == '.') {
		if (!p[2] || p[3] != '.' || p[4] != ']')
			return NULL;
		*c = (unsigned char)p[2];
		return p + 5;
	}
	if (p[0] == '\\')
		p++;
	*c = (unsigned char)*p;
	return *c ? p + 1 : NULL;
}

/* `[:NAME:]`: what stands after it; null: it is none. */
static const char *class(const char *p, unsigned char c, bool *hit)
{
	size_t len = 0;

	if (p[0] != '[' || p[1] != ':')
		return NULL;
	p += 2;
	while (p[len] >= 'a' && p[len] <= 'z')
		len++;
	if (p[len] != ':' || p[len + 1] != ']')
		return NULL;
	*hit |= in_class(p, len, c);
	return p + len + 2;
}

/* A range or a single character; null: the expression is malformed. */
static const char *range(const char *p, unsigned char c, bool *hit)
{
	unsigned char from, to;

	/* In the C locale every character is equivalent to itself alone. */
	if (p[0] == '[' && p[1] == '=' && p[2] && p[3] == '=' && p[4] == ']') {
		*hit |= (unsigned char)p[2] == c;
		return p + 5;
	}
	p = element(p, &from);
	if (!p)
		return NULL;
	to = from;
	if (p[0] == '-' && p[1] != ']')
		p = element(p + 1, &to);
	*hit |= from <= c && c <= to;
	return p;
}

/*
 * Does the bracket expression after whose `[` p stands hold c? Returns what stands after it.
 * One that is not closed is no expression but a plain `[`.
 */
static const char *bracket(const char *p, unsigned char c, bool *fits)
{
	const char *start = p;
	bool negated = *p == '!' || *p == '^', hit = false;
	const char *first = p += negated;

	while (p && *p && (*p != ']' || p == first)) {
		const char *after = class(p, c, &hit);

		p = after ? after : range(p, c, &hit);
	}
	if (p && *p) {
		*fits = hit != negated;
		return p + 1;
	}
	*fits = c == '[';
	return start;
}

/* Does c fit the one-character pattern at p (no `*`)? Returns what stands after it. */
static const char *one(const char *p, unsigned char c, bool *fits)
{
	switch (*p) {
	case '?':
		*fits = true;
		return p + 1;
	case '[':
		return bracket(p + 1, c, fits);
	case '\\':
		p++;
		if (!*p) {
			*fits = false; /* it escapes nothing */
			return p;
		}
		break;
	}
	*fits = (unsigned char)*p == c;
	return p + 1;
}

/* Only the last `*` is ever tried again: what an earlier one could take more, that one can too. */
bool pattern_fits(const char *p, const char *text)
{
	const char *star = NULL, *from = NULL;

	for (;;) {
		bool fits = false;
		const char *next = p;

		if (*p == '*') {
			star = ++p;
			from = text;
			continue;
		}
		if (!*text && !*p)
			return true;
		if (!*text)
			return false;
		if (*p)
			next = one(p, (unsigned char)*text, &fits);
		if (fits) {
			p = next;
			text++;
		} else if (star) {
			p = star;
			text = ++from;
		} else {
			return false;
		}
	}
}

/*
 * The slash before `base` is eaten by some part of the pattern; what stands after that part fits
 * `base`. Since `*` crosses slashes that need not be a slash of the pattern: /usr*curl fits
 * /usr/bin/curl.
 */
bool pattern_could(const char *p, const char *base)
{
	while (*p) {
		bool slash = false;

		if (*p == '*') {
			if (pattern_fits(p, base))
				return true;
			p++;
			continue;
		}
		p = one(p, '/', &slash);
		if (slash && pattern_fits(p, base))
			return true;
	}
	return false;
}

bool pattern_ends(const char *p, const char *base)
{
	const char *last = p;

	while (*p) {
		bool slash = *p == '/', plain = *p != '*' && *p != '?';

		p = plain ? one(p, '/', &slash) : p + 1;
		if (slash)
			last = p;
	}
	return pattern_fits(last, base);
}

bool pattern_literal(const char *pattern)
{
	return !pattern[strcspn(pattern, "*?[\\")];
}

const char *pattern_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

#include <string.h>

#include "conf/reader.h"

#define TOO_LONG "a line of more than 198 bytes"

static const char bom[] = "\xef\xbb\xbf"; /* of UTF-8 */

static bool has_bom(const char *text, size_t len)
{
	return len >= 3 && !memcmp(text, bom, 3);
}

/* As isspace() in the C locale, which inih uses. */
static bool blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Where the next line ends. */
static const char *line_end(const struct reader *r)
{
	const char *end = memchr(r->at, r->inline_rule ? ';' : '\n', (size_t)(r->end - r->at));

	return end ? end : r->end;
}

static enum line_kind bad(struct line *l, const char *why)
{
	if (!l->name_len || !l->name[0]) {
		l->name = "line";
		l->name_len = 4;
	}
	l->why = why;
	return l->kind = LINE_BAD;
}

/*
 * The first of the characters in [from, to), or where a comment begins (` ;`, as inih has it);
 * `to` where there is neither.
 */
static const char *find(const char *from, const char *to, const char *chars)
{
	bool after_blank = false;

	for (; from < to; from++) {
		if ((after_blank && *from == ';') || *from == chars[0] || *from == chars[1])
			break;
		after_blank = blank(*from);
	}
	return from;
}

static void name(struct line *l, const char *from, const char *to)
{
	while (to > from && blank(to[-1]))
		to--;
	l->name = from;
	l->name_len = (size_t)(to - from);
}

static bool has_control(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == 0x7f)
			return true;
	return false;
}

static enum line_kind section(struct line *l, const char *to)
{
	const char *from = l->text + 1, *close = find(from, to, "]]"), *rest = close + 1;
	size_t len = (size_t)(close - from);

	name(l, l->text, close);
	if (close == to || *close != ']')
		return bad(l, "a section's header without a `]`");
	l->name_len = len + 2;
	while (rest < to && blank(*rest))
		rest++;
	if (rest < to && (*rest != ';' || rest == close + 1))
		return bad(l, "text after the `]`: inih would pass over it");
	if (!len)
		return bad(l, "a section without a name");
	if (len > SECTION_MOST)
		return bad(l, "a section's name of more than 49 bytes");
	if (blank(*from) || blank(close[-1]) || has_control(from, len))
		return bad(l, "a section's name with a blank at its edge or a control character");
	l->name = from;
	l->name_len = len;
	return l->kind = LINE_SECTION;
}

static enum line_kind key(struct line *l, const char *to, bool indented)
{
	const char *equals = find(l->text, to, "=:");

	name(l, l->text, equals);
	if (has_bom(l->text, l->len))
		return bad(l, "a byte order mark: only a file begins with one");
	if (indented)
		return bad(l, "indented: inih would take it for more of the value before");
	if (equals == to || *equals != '=')
		return bad(l, "no `=` after it: a line is `KEY = VALUE`");
	if (!l->name_len)
		return bad(l, "no key before the `=`");
	return l->kind = LINE_KEY;
}

static enum line_kind look(struct reader *r, struct line *l, const char *from, const char *to)
{
	const char *start = from;

	while (start < to && blank(*start))
		start++;
	if (r->inline_rule)
		from = start;
	l->text = start;
	l->len = (size_t)(to - start);
	l->name_len = 0;
	l->header = start < to && *start == '[';
	if (to - from > LINE_MOST) {
		name(l, start, find(start, to, "=:"));
		return bad(l, TOO_LONG);
	}
	if (r->has_nul && memchr(start, '\0', l->len)) {
		name(l, start, start + strcspn(start, "=:"));
		return bad(l, "a NUL byte");
	}
	if (r->inline_rule && (l->header || (l->len && *start == '#')))
		return bad(l, "an inline rule has assignments only: `KEY=VALUE; KEY=VALUE`");
	if (!l->len || *start == ';' || *start == '#')
		return LINE_END;
	if (l->header && start == from)
		return section(l, to);
	return key(l, to, start > from);
}

struct reader reader_over(const char *text, size_t len, bool inline_rule)
{
	if (!inline_rule && has_bom(text, len)) {
		text += 3;
		len -= 3;
	}
	return (struct reader){
		.at = text,
		.end = text + len,
		.inline_rule = inline_rule,
		.has_nul = len && memchr(text, '\0', len),
	};
}

enum line_kind reader_next(struct reader *r, struct line *l)
{
	enum line_kind kind = LINE_END;

	while (r->at < r->end && kind == LINE_END) {
		const char *from = r->at, *to = line_end(r);

		r->at = to < r->end ? to + 1 : to;
		kind = look(r, l, from, to);
		r->line += kind != LINE_END || !r->inline_rule;
	}
	return kind;
}

#include <string.h>

#include "conf/refuse.h"
#include "conf/split.h"
#include "conf/text.h"

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The word at *at, without its quotes; null: its quotes do not close. */
static const char *next_word(struct draft *d, const char **at)
{
	const char *from = *at, *to = from;
	bool quoted = *from == '"';
	char *word, *end;

	if (!quoted) {
		while (*to && !blank(*to))
			to++;
		*at = to;
		return draft_text(d, from, (size_t)(to - from));
	}
	word = end = draft_alloc(d, strlen(from));
	for (to = from + 1; *to && *to != '"' && end; *end++ = *to++)
		to += to[0] == '\\' && (to[1] == '"' || to[1] == '\\');
	if (!*to || (to[1] && !blank(to[1])))
		return NULL;
	*at = to + 1;
	return word;
}

unsigned split(struct draft *d, enum key key, const char *value, const char **word, unsigned least,
	       unsigned most, const char *form)
{
	unsigned n = 0;

	for (const char *at = value; *at && n < most; n++) {
		if (n + 1 == most && *at != '"') {
			word[n] = draft_text(d, at, strlen(at));
			at += strlen(at);
		} else if (!(word[n] = next_word(d, &at))) {
			refuse_value(d, key, "quotes that do not end a word in", value, "");
			return 0;
		}
		while (blank(*at))
			at++;
		if (n + 1 == most && *at) {
			n = 0;
			break;
		}
	}
	if (n >= least && !d->no_memory)
		return n;
	if (!d->no_memory)
		refuse_value(d, key, "not of the form", form, "");
	return 0;
}

/* Its number among the words; -1. *arg: what follows a `NAME=`. */
static int find_flag(struct words all, const char *text, size_t len, const char **arg)
{
	for (unsigned i = 0; i < all.count; i++) {
		const char *word = words_at(all, i);
		size_t n = strlen(word);
		bool takes = n && word[n - 1] == '=';

		if (takes ? len > n && !memcmp(word, text, n)
			  : len == n && !memcmp(word, text, n)) {
			*arg = takes ? text + n : NULL;
			return (int)i;
		}
	}
	return -1;
}

static void refuse_flag(struct draft *d, enum key key, const char *text, size_t len,
			struct words all)
{
	char why[REFUSE_WHY];
	struct text t = text_in(why, sizeof why);

	text_str(&t, "unknown word `");
	text_bytes(&t, text, len);
	text_str(&t, "`, none of");
	for (unsigned i = 0; i < all.count; i++) {
		text_str(&t, i ? ", " : " ");
		text_str(&t, words_at(all, i));
	}
	guess_tell(&t, all, text, len);
	refuse(d, key, why);
}

bool split_flags(struct draft *d, enum key key, const char *list, struct words all,
		 unsigned long *flags, const char **arg)
{
	for (const char *at = list;; at++) {
		size_t len = strcspn(at, ",");
		const char *value = NULL;
		int i = find_flag(all, at, len, &value);

		if (i < 0) {
			refuse_flag(d, key, at, len, all);
			return false;
		}
		*flags |= 1ul << i;
		if (value)
			arg[i] = draft_text(d, value, len - (size_t)(value - at));
		at += len;
		if (!*at)
			return !d->no_memory;
	}
}

int split_word(struct draft *d, enum key key, const char *value, struct words w)
{
	int i = words_find(w, value);
	char why[REFUSE_WHY];
	struct text t = text_in(why, sizeof why);

	if (i >= 0)
		return i;
	for (unsigned j = 0; j < w.count; j++) {
		text_str(&t, j ? (w.count == 2 ? "` nor `" : "`, `")
			       : (w.count == 2 ? ", neither `" : ", none of `"));
		text_str(&t, words_at(w, j));
	}
	text_str(&t, "`");
	guess_tell(&t, w, value, strlen(value));
	refuse_value(d, key, "unknown value", value, why);
	return -1;
}

bool split_yes(struct draft *d, enum key key, const char *value)
{
	static const char words[][4] = { "no", "yes" };

	return split_word(d, key, value, WORDS(words)) == 1;
}

bool split_number(struct draft *d, enum key key, const char *word, int64_t least, int64_t most,
		  int64_t *n)
{
	const char *at = word + (*word == '-');
	char why[96];
	struct text t = text_in(why, sizeof why);
	int64_t sum = 0;
	bool fits = *at;

	for (; *at >= '0' && *at <= '9' && fits; at++)
		fits = sum <= (INT64_MAX - (*at - '0')) / 10 && (sum = 10 * sum + (*at - '0')) >= 0;
	*n = *word == '-' ? -sum : sum;
	if (fits && !*at && *n >= least && *n <= most)
		return true;
	text_str(&t, ": a decimal number, ");
	text_num(&t, least);
	text_str(&t, " to ");
	text_num(&t, most);
	refuse_value(d, key, "no number", word, why);
	return false;
}

#include <string.h>

#include "conf/guess.h"

enum { LONGEST = 16, FAR = 3 };

const char *words_at(struct words w, unsigned i)
{
	return w.word + (size_t)i * w.width;
}

int words_find(struct words w, const char *text)
{
	for (unsigned i = 0; i < w.count; i++) {
		const char *word = words_at(w, i);

		if (word[0] == text[0] && !strcmp(word, text))
			return (int)i;
	}
	return -1;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Edits between a and b, each shorter than LONGEST: optimal string alignment, three rows of it. */
static unsigned distance(const char *a, size_t na, const char *b, size_t nb)
{
	unsigned row[3][LONGEST];

	for (unsigned j = 0; j <= nb; j++)
		row[0][j] = j;
	for (unsigned i = 1; i <= na; i++) {
		unsigned *now = row[i % 3], *up = row[(i + 2) % 3], *up2 = row[(i + 1) % 3];

		now[0] = i;
		for (unsigned j = 1; j <= nb; j++) {
			char x = lower(a[i - 1]), y = lower(b[j - 1]);

			now[j] = least(up[j], now[j - 1]) + 1;
			now[j] = least(now[j], up[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == lower(b[j - 2]) && y == lower(a[i - 2]))
				now[j] = least(now[j], up2[j - 2] + 1);
		}
	}
	return row[na % 3][nb];
}

const char *guess(struct words w, const char *text, size_t len)
{
	unsigned best = FAR;
	const char *found = NULL;

	if (len >= LONGEST)
		return NULL;
	for (unsigned i = 0; i < w.count; i++) {
		const char *word = words_at(w, i);
		size_t n = strlen(word);
		unsigned d = n < LONGEST ? distance(text, len, word, n) : FAR;

		if (d < best && 2 * d <= len) {
			best = d;
			found = word;
		}
	}
	return found;
}

void guess_tell(struct text *t, struct words w, const char *text, size_t len)
{
	const char *word = guess(w, text, len);

	if (!word)
		return;
	text_str(t, ": did you mean `");
	text_str(t, word);
	text_str(t, "`?");
}

#define _GNU_SOURCE
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "conf/profile.h"
#include "conf/reader.h"
#include "conf/text.h"
#include "shim/command/import/written.h"
#include "shim/command/out.h"

void written_begin(struct written *w, const char *rule)
{
	*w = (struct written){ .lost = 0 };
	w->to = open_memstream(&w->text, &w->size);
	if (!w->to)
		abort();
	fprintf(w->to, "[%s]\n", rule);
}

static char *said(const char *format, va_list more)
{
	char *words;

	if (vasprintf(&words, format, more) < 0)
		abort();
	return words;
}

/* A line that would be read as something else. */
static const char *cannot_be(const char *value, size_t len)
{
	if (len > LINE_MOST)
		return "it is too long for a line";
	for (const char *c = value; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return "it has a control character";
	if (value[0] == ' ' || (value[0] && value[strlen(value) - 1] == ' '))
		return "a blank at its edge would be lost";
	if (strstr(value, " ;") || value[0] == ';')
		return "a comment would begin in it";
	return strstr(value, "$ORIGIN") ? "`$ORIGIN` stands for something else" : NULL;
}

static char *doubled(const char *value)
{
	char *to = malloc(2 * strlen(value) + 1), *at = to;

	if (!to)
		abort();
	for (; *value; value++) {
		if (*value == '%')
			*at++ = '%';
		*at++ = *value;
	}
	*at = '\0';
	return to;
}

void written_line(struct written *w, const char *key, const char *format, ...)
{
	const char *why;
	char *value, *all;
	va_list more;

	va_start(more, format);
	value = said(format, more);
	va_end(more);
	all = doubled(value);
	why = cannot_be(all, strlen(key) + 3 + strlen(all));
	if (why)
		written_lost(w, "%s: %s: %s", key, why, value);
	else
		fprintf(w->to, "%s = %s\n", key, all);
	free(all);
	free(value);
}

/* In one line, of a length that a profile has. */
static void comment(struct written *w, const char *before, char *words)
{
	text_plain(words, strlen(words));
	fprintf(w->to, "; %s%.160s\n", before, words);
}

void written_note(struct written *w, const char *format, ...)
{
	char *words;
	va_list more;

	va_start(more, format);
	words = said(format, more);
	va_end(more);
	comment(w, "", words);
	free(words);
}

void written_lost(struct written *w, const char *format, ...)
{
	char *words;
	va_list more;

	va_start(more, format);
	words = said(format, more);
	va_end(more);
	comment(w, "not imported: ", words);
	if (w->file)
		out_refuse("import", "left out: %s:%u: %s", w->file, w->line, words);
	else
		out_refuse("import", "left out: %s", words);
	w->lost++;
	free(words);
}

const char *written_word(char buf[WRITTEN_WORD], const char *word)
{
	struct text t = text_in(buf, WRITTEN_WORD);

	if (word[0] && !strpbrk(word, " \t\""))
		text_str(&t, word);
	else {
		text_str(&t, "\"");
		for (; *word; word++) {
			if (*word == '"')
				text_str(&t, "\\");
			text_bytes(&t, word, 1);
		}
		text_str(&t, "\"");
	}
	return buf;
}

void written_drop(struct written *w)
{
	fclose(w->to);
	free(w->text);
}

int written_end(struct written *w)
{
	struct profile *p;
	int status;

	fclose(w->to);
	p = profile_parse("import", w->text, w->size, false, out_say, NULL);
	fwrite(w->text, 1, w->size, stdout);
	status = p && !w->lost ? 0 : 1;
	profile_free(p);
	free(w->text);
	return out_end(status);
}

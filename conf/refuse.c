#include <string.h>

#include "conf/refuse.h"
#include "conf/text.h"

void refuse(struct draft *d, enum key key, const char *why)
{
	const char *name = key_name(key);

	draft_refuse(d, name, strlen(name), why);
}

void refuse_value(struct draft *d, enum key key, const char *a, const char *value, const char *b)
{
	char why[REFUSE_WHY];
	struct text t = text_in(why, sizeof why);

	text_str(&t, a);
	text_str(&t, " `");
	text_str(&t, value);
	text_str(&t, "`");
	text_str(&t, b);
	refuse(d, key, why);
}

void refuse_line(struct draft *d, enum key key, const char *words, int line)
{
	char why[REFUSE_WHY];
	struct text t = text_in(why, sizeof why);

	text_str(&t, words);
	text_num(&t, line);
	refuse(d, key, why);
}

int refuse_seen(const struct draft *d, enum key key)
{
	return d->seen[key] ? d->seen[key] : d->seen[KEY_EXTENDS];
}

void refuse_earlier(struct draft *d, enum key key, const char *words)
{
	char why[REFUSE_WHY];
	struct text t = text_in(why, sizeof why);
	int line = d->line, given = refuse_seen(d, key);

	d->line = d->last;
	if (given != d->line) {
		text_str(&t, "of line ");
		text_num(&t, given);
		text_str(&t, ": ");
	}
	text_str(&t, words);
	refuse(d, key, why);
	d->line = line;
}

const char *refuse_relative(struct draft *d, enum key key, const char *value)
{
	if (value[0] == '/')
		return draft_text(d, value, strlen(value));
	refuse_value(d, key, "relative path", value, ": an absolute one begins with `/`");
	return NULL;
}

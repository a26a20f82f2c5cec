#include <string.h>

#include "conf/given.h"
#include "conf/refuse.h"
#include "conf/split.h"

/* NAME=VALUE. What is the shim's own says nothing to a program that it leaves alone. */
static void env(struct draft *d, enum key key, const char *value, struct item *it)
{
	size_t len = strcspn(value, "=");

	if (!len || !value[len])
		refuse_value(d, key, "not of the form NAME=VALUE:", value, "");
	else if (!strncmp(value, "NSSHIM_", 7))
		refuse_value(d, key, "what has entered has no variable of the shim's:", value, "");
	it->word[0] = it->text;
	it->number[0] = (int64_t)len;
}

void given_value(struct draft *d, enum key key, const char *value, struct item *it)
{
	switch (it->op) {
	case ITEM_ENV:
		env(d, key, value, it);
		break;
	case ITEM_CLEARENV:
		it->flags = split_yes(d, key, value);
		break;
	default:
		it->word[0] = it->text;
	}
}

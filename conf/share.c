#include <string.h>

#include "conf/refuse.h"
#include "conf/text.h"

enum {
	NAME_MOST = 32, /* it is part of a socket's path, of which there are 108 bytes (unix(7)) */
	KEEP_MOST = 31536000,
	POOL_MOST = 64,
};

/* A decimal number from 1 to `most`; 0: it is none, which is told. */
static unsigned number(struct draft *d, enum key key, const char *value, unsigned most)
{
	char why[64];
	struct text t = text_in(why, sizeof why);
	unsigned n = 0;
	const char *at = value;

	while (*at >= '0' && *at <= '9' && n <= most)
		n = 10 * n + (unsigned)(*at++ - '0');
	if (!*at && value[0] != '0' && n <= most)
		return n;
	text_str(&t, ": a decimal number, 1 to ");
	text_num(&t, most);
	refuse_value(d, key, "no number", value, why);
	return 0;
}

/* NAME, or NAME, user */
static void set_name(struct draft *d, const char *value)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._-";
	struct rule_share *share = &d->rule->share;
	size_t len = strspn(value, letters);
	const char *rest = value + len + strspn(value + len, " ");

	share->by_user = false;
	if (!len || len > NAME_MOST || value[0] == '.' || (*rest && *rest != ',')) {
		refuse_value(d, KEY_SHARE, "no name", value,
			     ": up to 32 letters, digits, `.`, `_`, `-`, not a `.` first");
		return;
	}
	if (*rest == ',') {
		rest += 1 + strspn(rest + 1, " ");
		if (strcmp(rest, "user") != 0) {
			refuse_value(
				d, KEY_SHARE, "unknown word", rest,
				": after the comma goes `user`, for all of the user's programs");
			return;
		}
		share->by_user = true;
	}
	share->name = draft_text(d, value, len);
}

void draft_share(struct draft *d, enum key key, const char *value)
{
	if (key == KEY_SHARE)
		set_name(d, value);
	else if (key == KEY_POOL)
		d->rule->pool = number(d, key, value, POOL_MOST);
	else
		d->rule->share.keep =
			strcmp(value, "never") != 0 ? number(d, key, value, KEEP_MOST) : 0;
}

#include <string.h>

#include "conf/digest.h"

/* FNV-1a. Nobody gains by finding two of one number: whoever writes a rule may write any. */
uint64_t digest_more(uint64_t digest, const void *bytes, size_t len)
{
	for (const unsigned char *at = bytes; len--; at++)
		digest = (digest ^ *at) * 0x100000001b3;
	return digest;
}

static uint64_t number(uint64_t digest, uint64_t n)
{
	return digest_more(digest, &n, sizeof n);
}

/* With its terminator: two texts in a row are never two others. */
static uint64_t text(uint64_t digest, const char *s)
{
	return s ? digest_more(digest, s, strlen(s) + 1) : number(digest, 0);
}

static uint64_t map(uint64_t digest, const struct rule_map *m)
{
	return text(number(digest, m->form == IDMAP_UNSET ? IDMAP_ROOT : m->form), m->text);
}

uint64_t digest_rule(const struct rule *r)
{
	uint64_t d = number(0xcbf29ce484222325, r->kinds);

	for (unsigned i = 0; i < r->kinds; i++) {
		d = number(number(d, r->ns[i].kind), r->ns[i].mode);
		d = text(number(d, (uint64_t)r->ns[i].pid), r->ns[i].path);
	}
	d = map(map(d, &r->map[0]), &r->map[1]);
	d = number(number(d, r->setgroups), r->fallback);
	d = number(number(number(d, r->loopback), r->host_proc), r->propagation);
	for (int i = 0; i < PHASES_OF_SET; i++)
		for (const struct item *it = r->item[i]; it; it = it->next)
			d = text(number(d, it->op), it->text);
	return number(number(number(d, r->share.by_user), r->share.keep), r->pool);
}

#include <stdbool.h>
#include <string.h>

#include "conf/pattern.h"
#include "shim/inner/given.h"
#include "shim/sys.h"
#include "shim/target.h"

static const struct item *first(const struct rule *r)
{
	return r ? r->item[PHASE_EXEC] : NULL;
}

size_t given_env_room(const struct rule *r, char *const *envp)
{
	size_t count = 1, longest = 0;
	bool change = false;

	for (const struct item *it = first(r); it; it = it->next) {
		change |= it->op != ITEM_ARG0;
		count++;
	}
	if (!change || (envp && sys_no_address(envp))) /* the kernel says EFAULT */
		return 0;
	for (; envp && *envp; envp++, count++) {
		size_t len = sys_no_address(*envp) ? 0 : strlen(*envp);

		longest = len > longest ? len : longest;
	}
	return count * sizeof(char *) + longest + 1;
}

/* Is it said again, after `it`? Of all items: null. */
static bool is_set(const struct item *it, const char *entry, size_t len)
{
	for (; it; it = it->next)
		if (it->op == ITEM_ENV && (size_t)it->number[0] == len &&
		    !memcmp(it->word[0], entry, len))
			return true;
	return false;
}

/* name: room for a copy of the entry's. */
static bool is_unset(const struct rule *r, const char *entry, size_t len, char *name)
{
	memcpy(name, entry, len);
	name[len] = '\0';
	for (const struct item *it = first(r); it; it = it->next)
		if ((it->op == ITEM_CLEARENV && it->flags) ||
		    (it->op == ITEM_UNSETENV && pattern_fits(it->word[0], name)))
			return true;
	return false;
}

char **given_env(const struct rule *r, void *room, char *const *envp)
{
	char **to = room;
	size_t count = 1;
	char *name;

	for (const struct item *it = first(r); it; it = it->next)
		count++;
	for (char *const *e = envp; !sys_no_address(e) && *e; e++)
		count++;
	name = (char *)(to + count);
	for (char *const *e = envp; !sys_no_address(e) && *e; e++) {
		bool bad = sys_no_address(*e);
		size_t len = bad ? 0 : strcspn(*e, "=");

		if (bad || (!is_set(first(r), *e, len) && !is_unset(r, *e, len, name)))
			*to++ = *e;
	}
	for (const struct item *it = first(r); it; it = it->next)
		if (it->op == ITEM_ENV && !is_set(it->next, it->word[0], (size_t)it->number[0]))
			*to++ = (char *)it->word[0];
	*to = NULL;
	return room;
}

char *given_arg0(const struct rule *r)
{
	for (const struct item *it = first(r); it; it = it->next)
		if (it->op == ITEM_ARG0)
			return (char *)it->word[0];
	return NULL;
}

/* One that has none gets one. */
size_t given_argv_room(const struct rule *r, char *const *argv)
{
	return given_arg0(r) && !(argv && sys_no_address(argv))
		       ? (target_count(argv) + 2) * sizeof(char *)
		       : 0;
}

char **given_argv(const struct rule *r, void *room, char *const *argv)
{
	size_t n = target_count(argv);
	char **to = room;

	to[0] = given_arg0(r);
	if (n > 1)
		memcpy(to + 1, argv + 1, (n - 1) * sizeof *to);
	to[n > 1 ? n : 1] = NULL;
	return to;
}

#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "shim/command/import/unit/places.h"

/* That they are made, and whose they are, is not said by a rule. */
static void add_folder(struct places *p, const struct unit_line *l, const char *base,
		       const char *word, char *list, size_t size)
{
	const char *path = unit_print(p->u, "%s/%s", base, word);
	struct place one = { .path = path, .mode = PLACE_BIND, .from = path, .by = l };
	size_t used = strlen(list);

	if (strchr(word, ':')) {
		unit_lost(p->u, l, "a link to it");
		return;
	}
	snprintf(list + used, size - used, "%s%s", used ? ":" : "", path);
	places_add(p, &one);
	if (places_there(&(struct places){ .u = p->u, .root = "" }, path))
		return;
	unit_lost(p->u, l,
		  unit_print(p->u, "%s is not there: make it, for the user of the unit", path));
}

void places_folders(struct places *p)
{
	static const struct {
		char key[24], letter[3], variable[24];
	} all[] = {
		{ "RuntimeDirectory", "%t", "RUNTIME_DIRECTORY" },
		{ "StateDirectory", "%S", "STATE_DIRECTORY" },
		{ "CacheDirectory", "%C", "CACHE_DIRECTORY" },
		{ "LogsDirectory", "%L", "LOGS_DIRECTORY" },
		{ "ConfigurationDirectory", "%E", "CONFIGURATION_DIRECTORY" },
	};
	const char *at, *word, *base;

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		const struct unit_line *l = NULL;
		char list[WRITTEN_WORD] = "";

		while ((l = unit_next(p->u, all[i].key, l)) &&
		       (base = unit_text(p->u, l, all[i].letter)))
			for (at = l->value; unit_word(p->u, l, &at, &word);)
				add_folder(p, l, base, word, list, sizeof list);
		if (list[0])
			written_line(p->u->w, "env", "%s=%s", all[i].variable, list);
	}
}

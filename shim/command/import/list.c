#include <stdio.h>
#include <string.h>

#include "shim/command/import/list.h"

bool list_has(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (; *words; words += strcspn(words, " "), words += strspn(words, " "))
		if (strcspn(words, " ") == len && !strncmp(words, word, len))
			return true;
	return false;
}

void list_add(char *list, size_t size, const char *word)
{
	size_t used = strlen(list);

	snprintf(list + used, size - used, "%s%s", used ? "," : "", word);
}

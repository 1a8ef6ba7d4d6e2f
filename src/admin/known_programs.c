/* The list is no promise: that a program is not on it does not make it harmless. */
#include "admin/known_programs.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *name, const void *program)
{
	return strcmp(name, ((const struct known_program *)program)->name);
}

static const struct known_program *find(const char *name)
{
	return bsearch(
		name, known_programs, known_program_count, sizeof(known_programs[0]), compare);
}

const struct known_program *known_program(const char *path)
{
	const char *slash = strrchr(path, '/');
	const struct known_program *found;
	char name[64];
	size_t length;

	path = slash != NULL ? slash + 1 : path;
	length = strlen(path);
	if (length >= sizeof(name))
		return NULL;
	memcpy(name, path, length + 1);
	found = find(name);
	while (found == NULL && length > 1 && strchr("0123456789.-", name[length - 1]) != NULL) {
		name[--length] = '\0';
		found = find(name);
	}
	return found;
}

const char *known_way(struct arena *arena, const char **rest)
{
	size_t length = *rest != NULL ? strcspn(*rest, ",") : 0;
	const char *way;

	if (length == 0)
		return NULL;
	way = arena_strndup(arena, *rest, length);
	*rest += length + ((*rest)[length] == ',');
	return way;
}

const char *known_way_text(struct arena *arena, const char *way)
{
	static const char *const texts[][2] = {
		{"argument", "by its arguments"},
		{"input", "by its standard input"},
		{"interactive", "from its own prompt"},
		{"pager", "from the pager that it starts on a terminal"},
		{"editor", "from the editor that it starts"},
		{"environment", "by a variable of its environment"},
		{"file", "by a file that it reads"},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(texts[i][0], way) == 0)
			return texts[i][1];
	return arena_printf(arena, "with \"%s\"", way);
}

#include "bundle/manifest.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/strings.h"
#include "base/text.h"

#define FIRST_LINE "rolegate-bundle 1\n"

bool manifest_mode_allowed(mode_t mode)
{
	return mode == 0600 || mode == 0644 || mode == 0700 || mode == 0755;
}

const char *manifest_name_refused(const char *name)
{
	size_t length = strlen(name);

	if (length == 0 || length > MANIFEST_NAME_MAX)
		return "is no name of a bundle; expected 1 to 64 bytes";
	if (text_refused(name, length) != length)
		return "is no name of a bundle; expected UTF-8 without control characters";
	if (name[0] == ' ' || name[length - 1] == ' ')
		return "is no name of a bundle; expected no space at its ends";
	return NULL;
}

static const char *component_refused(const char *name, size_t length)
{
	if (length == 0)
		return "is not canonical; expected a relative path without empty parts";
	if (name[0] == '.')
		return length <= 2 && (length == 1 || name[1] == '.')
			       ? "is not canonical; expected a path without \".\" and \"..\""
			       : "has a hidden part; expected names that do not begin with \".\"";
	return length > 255 ? "has a part of more than 255 bytes" : NULL;
}

const char *manifest_path_refused(const char *path)
{
	size_t length = strlen(path), depth = 0, part;
	const char *complaint = NULL;

	if (length > MANIFEST_PATH_MAX)
		return "is too long; expected at most 1024 bytes";
	if (path[0] == '/')
		return "is absolute; expected a path below the bundle";
	if (text_refused(path, length) != length)
		return "has control characters or is not UTF-8";
	if (strcmp(path, MANIFEST_FILE) == 0 || strcmp(path, SEAL_FILE) == 0 ||
		strcmp(path, MARKER_FILE) == 0)
		return "belongs to the bundle itself and can't be listed";
	for (;;) {
		part = strcspn(path, "/");
		complaint = component_refused(path, part);
		if (complaint != NULL || path[part] == '\0')
			break;
		path += part + 1;
		if (++depth >= MANIFEST_DEPTH_MAX)
			return "is too deep; expected at most 16 parts";
	}
	return complaint;
}

static int compare_path(const void *path, const void *file)
{
	return strcmp(path, ((const struct manifest_file *)file)->path);
}

const struct manifest_file *manifest_find(const struct manifest *manifest, const char *path)
{
	if (manifest->count == 0)
		return NULL;
	return bsearch(
		path, manifest->files, manifest->count, sizeof(manifest->files[0]), compare_path);
}

char *manifest_print(struct arena *arena, const struct manifest *manifest)
{
	struct strings lines = {0};

	strings_add(arena, &lines,
		arena_printf(arena, FIRST_LINE "name %s\nserial %" PRIu64 "\nfiles %zu\n",
			manifest->name, manifest->serial, manifest->count));
	for (size_t i = 0; i < manifest->count; i++)
		strings_add(arena, &lines,
			arena_printf(arena, "%s  %04o  %s\n", manifest->files[i].digest,
				manifest->files[i].mode, manifest->files[i].path));
	return strings_join(arena, &lines, "");
}

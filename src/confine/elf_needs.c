#include "confine/elf_needs.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

/* A file that is read where it lies; every offset in it is checked against its length. */
struct image {
	const char *bytes;
	size_t length;
	const ElfW(Phdr) * segments;
	size_t segment_count;
};

static const void *part_at(const struct image *image, uint64_t offset, uint64_t length)
{
	if (offset > image->length || length > image->length - offset || offset % 4 != 0)
		return NULL;
	return image->bytes + offset;
}

static const char *string_at(const struct image *image, uint64_t offset)
{
	if (offset >= image->length ||
		memchr(image->bytes + offset, '\0', image->length - offset) == NULL)
		return NULL;
	return image->bytes + offset;
}

static bool read_segments(struct image *image)
{
	const ElfW(Ehdr) *head = part_at(image, 0, sizeof(*head));
	ElfW(Ehdr) own;

	if (head == NULL || memcmp(head->e_ident, ELFMAG, SELFMAG) != 0)
		return false;
	memcpy(&own, head, sizeof(own));
	if (own.e_ident[EI_CLASS] != (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) ||
		own.e_phentsize != sizeof(ElfW(Phdr)) || own.e_phoff % 8 != 0)
		return false;
	image->segment_count = own.e_phnum;
	image->segments = part_at(image, own.e_phoff, own.e_phnum * sizeof(ElfW(Phdr)));
	return image->segments != NULL;
}

static const ElfW(Phdr) * find_segment(const struct image *image, uint32_t type)
{
	for (size_t i = 0; i < image->segment_count; i++)
		if (image->segments[i].p_type == type)
			return &image->segments[i];
	return NULL;
}

/* Where in the file the address is; past its end if it is nowhere. */
static uint64_t offset_of(const struct image *image, uint64_t address)
{
	for (size_t i = 0; i < image->segment_count; i++) {
		const ElfW(Phdr) *segment = &image->segments[i];

		if (segment->p_type == PT_LOAD && address >= segment->p_vaddr &&
			address - segment->p_vaddr < segment->p_filesz)
			return segment->p_offset + (address - segment->p_vaddr);
	}
	return UINT64_MAX;
}

/* "$ORIGIN" and "${ORIGIN}" at the start, where they stand in practice; others are left out. */
static void add_directory(struct arena *arena, struct strings *list, const char *text,
	size_t length, const char *origin)
{
	static const char *const tokens[] = {"${ORIGIN}", "$ORIGIN"};
	const char *path = arena_strndup(arena, text, length);

	for (size_t i = 0; i < 2; i++)
		if (strncmp(path, tokens[i], strlen(tokens[i])) == 0)
			path = arena_printf(arena, "%s%s", origin, path + strlen(tokens[i]));
	if (path[0] == '/' && strchr(path, '$') == NULL)
		strings_add(arena, list, path);
}

static void add_directories(
	struct arena *arena, struct strings *list, const char *text, const char *origin)
{
	while (*text != '\0') {
		size_t length = strcspn(text, ":");

		add_directory(arena, list, text, length, origin);
		text += length + (text[length] == ':');
	}
}

static void read_dynamic(
	struct arena *arena, const struct image *image, const char *origin, struct elf_needs *needs)
{
	const ElfW(Phdr) *segment = find_segment(image, PT_DYNAMIC);
	const ElfW(Dyn) * entries;
	uint64_t names = UINT64_MAX;
	size_t count;

	if (segment == NULL || segment->p_offset % 8 != 0)
		return;
	entries = part_at(image, segment->p_offset, segment->p_filesz);
	count = segment->p_filesz / sizeof(*entries);
	for (size_t i = 0; entries != NULL && i < count; i++)
		if (entries[i].d_tag == DT_STRTAB)
			names = offset_of(image, entries[i].d_un.d_ptr);
	if (entries == NULL || names >= image->length)
		return;
	for (size_t i = 0; i < count && entries[i].d_tag != DT_NULL; i++) {
		uint64_t value = entries[i].d_un.d_val;
		const char *text = value < image->length ? string_at(image, names + value) : NULL;

		if (text != NULL && entries[i].d_tag == DT_NEEDED)
			strings_add(arena, &needs->libraries, arena_strdup(arena, text));
		if (text != NULL &&
			(entries[i].d_tag == DT_RUNPATH || entries[i].d_tag == DT_RPATH))
			add_directories(arena, &needs->directories, text, origin);
	}
}

void elf_read_needs(struct arena *arena, int fd, const char *origin, struct elf_needs *needs)
{
	const ElfW(Phdr) * segment;
	const char *interpreter;
	struct stat status;
	struct image image = {.length = 0};
	void *mapped;

	if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) || status.st_size <= 0)
		return;
	image.length = (size_t)status.st_size;
	mapped = mmap(NULL, image.length, PROT_READ, MAP_PRIVATE, fd, 0);
	if (mapped == MAP_FAILED)
		return;
	image.bytes = mapped;
	if (read_segments(&image)) {
		segment = find_segment(&image, PT_INTERP);
		interpreter = segment == NULL ? NULL : string_at(&image, segment->p_offset);
		if (interpreter != NULL && interpreter[0] == '/')
			needs->interpreter = arena_strdup(arena, interpreter);
		read_dynamic(arena, &image, origin, needs);
	}
	munmap(mapped, image.length);
}

/* The cache as glibc 2.32 and newer write it: a head, entries, and strings by offset. */
struct cache_head {
	char magic[20];
	uint32_t count, strings_length;
	uint8_t flags, padding[3];
	uint32_t extensions, unused[3];
};

struct cache_entry {
	int32_t flags;
	uint32_t name, path, version;
	uint64_t hardware;
};

void loader_cache_open(struct loader_cache *cache)
{
	_cleanup_fd_ int fd = open("/etc/ld.so.cache", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat status;
	void *mapped;

	*cache = (struct loader_cache){.bytes = NULL};
	if (fd < 0 || fstat(fd, &status) < 0 || status.st_size < (off_t)sizeof(struct cache_head))
		return;
	mapped = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (mapped == MAP_FAILED)
		return;
	cache->bytes = mapped;
	cache->length = (size_t)status.st_size;
}

void loader_cache_close(struct loader_cache *cache)
{
	if (cache->bytes != NULL)
		munmap((void *)(uintptr_t)cache->bytes, cache->length);
	cache->bytes = NULL;
}

void loader_cache_find(struct arena *arena, const struct loader_cache *cache, const char *name,
	bool prefix, struct strings *paths)
{
	static const char magic[] = "glibc-ld.so.cache1.1";
	const struct image image = {.bytes = cache->bytes, .length = cache->length};
	size_t length = strlen(name) + (prefix ? 0 : 1);
	struct cache_head head;

	if (cache->bytes == NULL || memcmp(cache->bytes, magic, sizeof(head.magic)) != 0)
		return;
	memcpy(&head, cache->bytes, sizeof(head));
	if (head.count > (cache->length - sizeof(head)) / sizeof(struct cache_entry))
		return;
	for (size_t i = 0; i < head.count; i++) {
		struct cache_entry entry;
		const char *key, *path;

		memcpy(&entry, cache->bytes + sizeof(head) + i * sizeof(entry), sizeof(entry));
		key = string_at(&image, entry.name);
		if (key == NULL || strncmp(key, name, length) != 0)
			continue;
		path = string_at(&image, entry.path);
		if (path != NULL && path[0] == '/')
			strings_add(arena, paths, arena_strdup(arena, path));
	}
}

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/message.h"

enum {
	ALIGNMENT = 16,
	BLOCK_FIRST = 4 * 1024,
	BLOCK_SIZE = 64 * 1024,
	LARGE = 32 * 1024, /* what is asked for at once: a buffer, few pages of which may be used */
};

struct block {
	struct block *next;
	size_t size, used; /* of the bytes after this header */
	bool mapped;	   /* pages of its own, which are clear */
};

struct arena {
	struct block *blocks; /* the newest first; a shared arena has one */
	size_t used;
	size_t mapped; /* bytes of the shared region, which starts with this struct; 0: private */
};

static _Noreturn void out_of_memory(void)
{
	message_die(EXIT_GATEWAY, "out of memory");
}

static size_t round_up(size_t size)
{
	if (size > SIZE_MAX - ALIGNMENT)
		out_of_memory();
	return size == 0 ? ALIGNMENT : (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

static char *block_bytes(struct block *block)
{
	return (char *)block + ((sizeof(*block) + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1));
}

struct arena *arena_new(void)
{
	struct arena *arena = calloc(1, sizeof(*arena));

	if (arena == NULL)
		out_of_memory();
	return arena;
}

struct arena *arena_new_shared(size_t limit)
{
	size_t head = round_up(sizeof(struct arena));
	struct arena *arena = mmap(NULL, limit, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (arena == MAP_FAILED)
		return NULL;
	arena->mapped = limit;
	arena->blocks = (struct block *)((char *)arena + head);
	arena->blocks->size = limit - head - round_up(sizeof(struct block));
	arena->blocks->mapped = true;
	return arena;
}

int arena_seal(struct arena *arena)
{
	return arena->mapped == 0 ? 0 : mprotect(arena, arena->mapped, PROT_READ);
}

void arena_free(struct arena *arena)
{
	if (arena == NULL)
		return;
	if (arena->mapped != 0) {
		munmap(arena, arena->mapped);
		return;
	}
	for (struct block *block = arena->blocks, *next; block != NULL; block = next) {
		next = block->next;
		if (block->mapped)
			munmap(block, round_up(sizeof(*block)) + block->size);
		else
			free(block);
	}
	free(arena);
}

size_t arena_used(const struct arena *arena)
{
	return arena->used;
}

/* Most arenas stay small. */
static size_t next_size(const struct arena *arena)
{
	if (arena->blocks == NULL)
		return BLOCK_FIRST;
	return arena->blocks->size < BLOCK_SIZE / 2 ? arena->blocks->size * 2 : BLOCK_SIZE;
}

static struct block *map_block(size_t size)
{
	struct block *block = mmap(
		NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return block == MAP_FAILED ? NULL : block;
}

/* What malloc(3) has is cleared as it is used: a page that is cleared for nothing costs a fault. */
static struct block *add_block(struct arena *arena, size_t size)
{
	size_t least = next_size(arena), room = size > least ? size : least;
	size_t whole = round_up(sizeof(struct block)) + room;
	struct block *block;

	if (arena->mapped != 0 || room > SIZE_MAX - 2 * sizeof(*block))
		out_of_memory();
	block = size >= LARGE ? map_block(whole) : malloc(whole);
	if (block == NULL)
		out_of_memory();
	block->mapped = size >= LARGE;
	block->size = room;
	block->used = 0;
	block->next = arena->blocks;
	arena->blocks = block;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	size_t wanted = round_up(size);
	struct block *block = arena->blocks;
	char *bytes;

	if (block == NULL || block->size - block->used < wanted)
		block = add_block(arena, wanted);
	bytes = block_bytes(block) + block->used;
	if (!block->mapped)
		memset(bytes, 0, wanted);
	block->used += wanted;
	arena->used += wanted;
	return bytes;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		out_of_memory();
	return arena_alloc(arena, bytes);
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
	char *copy;

	if (length == SIZE_MAX)
		out_of_memory();
	copy = arena_alloc(arena, length + 1);
	memcpy(copy, text, length);
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

/* Where the next bytes will be, and how many of them there are. */
static char *free_bytes(struct arena *arena, size_t *room)
{
	struct block *block = arena->blocks;

	*room = block == NULL || block->mapped ? 0 : block->size - block->used;
	return *room == 0 ? NULL : block_bytes(block) + block->used;
}

/* Written where it is to stay, if there is room for it: most texts are formatted once. */
char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
	va_list again;
	size_t room;
	char *text = free_bytes(arena, &room);
	int length;

	va_copy(again, arguments);
	length = vsnprintf(text, room, format, again);
	va_end(again);
	if (length < 0)
		out_of_memory();
	if (round_up((size_t)length + 1) <= room) {
		arena->blocks->used += round_up((size_t)length + 1);
		arena->used += round_up((size_t)length + 1);
		return text;
	}
	text = arena_alloc(arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, arguments);
	return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = arena_vprintf(arena, format, arguments);
	va_end(arguments);
	return text;
}

void *arena_grow(struct arena *arena, void *items, size_t count, size_t size)
{
	bool full = (count & (count - 1)) == 0; /* 0, or a power of two */
	void *larger;

	if (!full)
		return items;
	if (count > SIZE_MAX / 2)
		out_of_memory();
	larger = arena_array(arena, count == 0 ? 1 : count * 2, size);
	if (count != 0)
		memcpy(larger, items, count * size);
	return larger;
}

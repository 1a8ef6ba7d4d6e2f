/* Which files of the log the data base knows, and whether they are still what they were. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/index.h"

static int read_edge(int fd, uint64_t offset, unsigned char *bytes, size_t length)
{
	ssize_t got;

	do
		got = pread(fd, bytes, length, (off_t)offset);
	while (got < 0 && errno == EINTR);
	return got == (ssize_t)length ? 0 : -1;
}

int64_t index_changed(const struct log_file *file, uint64_t size)
{
	struct stat status;

	if (fstat(file->fd, &status) < 0 || (uint64_t)status.st_size != size)
		return 0;
	return (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
}

/* Both hold time and hash of a line, so that no two files are alike in them. */
int index_edges(const struct log_file *file, uint64_t offset, struct index_file *edges)
{
	size_t length = offset < INDEX_EDGE ? (size_t)offset : INDEX_EDGE;

	edges->head_length = edges->tail_length = length;
	edges->offset = offset;
	if (read_edge(file->fd, 0, edges->head, length) < 0)
		return -1;
	return read_edge(file->fd, offset - length, edges->tail, length);
}

/* One that has grown since is the same; one that was changed and has not grown isn't. */
static bool is_same(const struct log_file *file, const struct index_file *known)
{
	int64_t changed = index_changed(file, known->size);
	struct index_file now;

	if (changed != 0 && changed != known->changed)
		return false;
	return known->offset <= file->size && index_edges(file, known->offset, &now) == 0 &&
	       now.head_length == known->head_length && now.tail_length == known->tail_length &&
	       memcmp(now.head, known->head, now.head_length) == 0 &&
	       memcmp(now.tail, known->tail, now.tail_length) == 0;
}

static size_t take_blob(sqlite3_stmt *statement, int column, unsigned char *to)
{
	const void *bytes = sqlite3_column_blob(statement, column);
	int length = sqlite3_column_bytes(statement, column);

	if (bytes == NULL || length <= 0 || length > INDEX_EDGE)
		return 0;
	memcpy(to, bytes, (size_t)length);
	return (size_t)length;
}

static void take_row(sqlite3_stmt *statement, struct index_file *file)
{
	*file = (struct index_file){.id = sqlite3_column_int64(statement, 0),
		.offset = (uint64_t)sqlite3_column_int64(statement, 1),
		.size = (uint64_t)sqlite3_column_int64(statement, 2),
		.line = (uint64_t)sqlite3_column_int64(statement, 3),
		.changed = sqlite3_column_int64(statement, 6)};
	file->head_length = take_blob(statement, 4, file->head);
	file->tail_length = take_blob(statement, 5, file->tail);
}

/*
 * A file of which the data base has not all, though it has later ones, ends what can be used: its
 * lines would come after theirs.
 */
static bool is_followed(const struct log_file *file, const struct index_file *known)
{
	return file->size == known->size;
}

/* Rows stand in the order of the files. Those of files that have expired come first. */
int index_match(struct log *log)
{
	struct log_index *index = log->index;
	sqlite3_stmt *statement = index_prepare(
		index, "SELECT id, offset, size, line, head, tail, changed FROM file ORDER BY id");
	struct index_file row;
	bool over = log->files.count == 0;
	int got = SQLITE_ERROR;

	index->files = arena_array(index->arena, log->files.count + 1, sizeof(*index->files));
	index->file_count = 0;
	while (statement != NULL && (got = sqlite3_step(statement)) == SQLITE_ROW) {
		size_t next = index->file_count;

		take_row(statement, &row);
		if (over)
			continue;
		if ((next == 0 ||
			    is_followed(&log->files.items[next - 1], &index->files[next - 1])) &&
			is_same(&log->files.items[next], &row))
			index->files[index->file_count++] = row;
		else
			over = next > 0;
		over = over || index->file_count == log->files.count;
	}
	sqlite3_finalize(statement);
	return got == SQLITE_DONE ? 0 : -1;
}

/* The wire format: what is written is read, and anything else is malformed. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "protocol/protocol.h"

enum { DESCRIPTORS_SENT_MAX = 16 };

struct fixture {
	struct arena *arena;
	int ends[2];
	uint8_t *buffer;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	assert_int_equal(
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fixture->ends), 0);
	fixture->arena = arena_new();
	fixture->buffer = arena_alloc(fixture->arena, PACKET_MAX);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	close(fixture->ends[0]);
	close(fixture->ends[1]);
	arena_free(fixture->arena);
	free(fixture);
	return 0;
}

static const struct packet_window window = { 24, 80, 640, 480 };

/* One message of each type, as protocol.h describes it. */
static void write_message(struct packet_writer *writer, struct arena *arena, int type)
{
	packet_start(arena, writer, (enum packet_type)type);
	switch (type) {
	case PACKET_RUN:
		packet_put_u32(writer, PACKET_FLAG_JSON);
		packet_put_string(writer, "svc-ops");
		packet_put_u8(writer, 5);
		packet_put_string(writer, "xterm");
		packet_put_window(writer, &window);
		packet_put_string(writer, "lena");
		packet_put_string(writer, "0123456789abcdef0123456789abcdef");
		packet_put_u32(writer, 2);
		packet_put_string(writer, "systemctl");
		packet_put_string(writer, "");
		break;
	case PACKET_REPLY:
		packet_put_u8(writer, 1);
		packet_put_string(writer, "secret");
		break;
	case PACKET_ENDED:
		packet_put_u32(writer, ENDED_SIGNALLED);
		packet_put_u32(writer, 9);
		packet_put_string(writer, "0123456789abcdef0123456789abcdef");
		packet_put_string(writer, NULL);
		break;
	default:
		packet_put_bytes(writer, "a\0b", 3);
		break;
	}
}

/* True if every field of the message is there, holds what was written, and nothing follows. */
static bool read_message(struct packet *packet, struct arena *arena)
{
	struct packet_window got;
	size_t count, length;
	char **words;
	bool same;

	switch (packet->type) {
	case PACKET_RUN:
		same = packet_get_u32(packet) == PACKET_FLAG_JSON;
		same = strcmp(packet_get_string(arena, packet), "svc-ops") == 0 && same;
		same = packet_get_u8(packet) == 5 && same;
		same = strcmp(packet_get_string(arena, packet), "xterm") == 0 && same;
		got = packet_get_window(packet);
		same = memcmp(&got, &window, sizeof(got)) == 0 && same;
		same = strcmp(packet_get_string(arena, packet), "lena") == 0 && same;
		same = strlen(packet_get_string(arena, packet)) == 32 && same;
		words = packet_get_words(arena, packet, &count);
		return packet_done(packet) && same && count == 2 &&
		       strcmp(words[0], "systemctl") == 0 && strcmp(words[1], "") == 0 &&
		       words[2] == NULL;
	case PACKET_REPLY:
		same = packet_get_u8(packet) == 1;
		same = strcmp(packet_get_string(arena, packet), "secret") == 0 && same;
		return packet_done(packet) && same;
	case PACKET_ENDED:
		same = packet_get_u32(packet) == ENDED_SIGNALLED;
		same = packet_get_u32(packet) == 9 && same;
		same = strlen(packet_get_string(arena, packet)) == 32 && same;
		same = strcmp(packet_get_string(arena, packet), "") == 0 && same;
		return packet_done(packet) && same;
	default:
		same = memcmp(packet_get_bytes(packet, &length), "a\0b", 3) == 0;
		return packet_done(packet) && same && length == 3;
	}
}

static const int types[] = { PACKET_RUN, PACKET_REPLY, PACKET_ENDED, PACKET_OUTPUT };

enum { TYPE_COUNT = sizeof(types) / sizeof(types[0]) };

static void messages_arrive_as_they_were_sent(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < TYPE_COUNT; i++) {
		struct packet_writer writer;
		struct packet packet;

		write_message(&writer, fixture->arena, types[i]);
		assert_int_equal(packet_send(fixture->ends[0], &writer, NULL, 0), 0);
		assert_int_equal(packet_receive(fixture->ends[1], fixture->buffer, &packet), 1);
		assert_int_equal(packet.type, types[i]);
		assert_int_equal(packet.descriptor_count, 0);
		assert_int_equal(packet.descriptors[0], -1);
		assert_true(read_message(&packet, fixture->arena));
	}
}

static void integers_are_little_endian(void **state)
{
	struct fixture *fixture = *state;
	struct packet_writer writer;
	static const uint8_t expected[] = { 3, 0, 68, 0, 0x78, 0x56, 0x34, 0x12, 0xcd, 0xab };

	packet_start(fixture->arena, &writer, PACKET_ENDED);
	packet_put_u32(&writer, 0x12345678);
	packet_put_u16(&writer, 0xabcd);
	assert_int_equal(writer.length, sizeof(expected));
	assert_memory_equal(writer.bytes, expected, sizeof(expected));
}

static void every_truncation_is_noticed(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < TYPE_COUNT; i++) {
		struct packet_writer writer;
		struct packet packet;

		write_message(&writer, fixture->arena, types[i]);
		for (size_t length = 0; length < writer.length; length++) {
			/* Of its own, so that a sanitizer sees a read past the end. */
			uint8_t *copy = malloc(length == 0 ? 1 : length);

			assert_non_null(copy);
			memcpy(copy, writer.bytes, length);
			if (length < 4)
				assert_int_equal(packet_parse(copy, length, &packet), -1);
			else if (packet_parse(copy, length, &packet) == 0)
				assert_false(read_message(&packet, fixture->arena));
			free(copy);
		}
	}
}

static void a_byte_too_many_is_noticed(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < TYPE_COUNT; i++) {
		struct packet_writer writer;
		struct packet packet;

		write_message(&writer, fixture->arena, types[i]);
		packet_put_u8(&writer, 0);
		assert_int_equal(packet_parse(writer.bytes, writer.length, &packet), 0);
		assert_false(read_message(&packet, fixture->arena));
	}
}

static void another_version_is_malformed(void **state)
{
	struct fixture *fixture = *state;
	struct packet_writer writer;
	struct packet packet;

	write_message(&writer, fixture->arena, PACKET_REPLY);
	for (unsigned version = 0; version < 0x10000; version++) {
		writer.bytes[0] = (uint8_t)version;
		writer.bytes[1] = (uint8_t)(version >> 8);
		assert_int_equal(packet_parse(writer.bytes, writer.length, &packet),
			version == PROTOCOL_VERSION ? 0 : -1);
	}
	writer.bytes[0] = PROTOCOL_VERSION + 1;
	writer.bytes[1] = 0;
	assert_int_equal(packet_send(fixture->ends[0], &writer, NULL, 0), 0);
	assert_int_equal(packet_receive(fixture->ends[1], fixture->buffer, &packet), -1);
	assert_int_equal(errno, EPROTO);
}

static void parse_words(struct fixture *fixture, uint32_t claimed, size_t sent, bool good)
{
	struct packet_writer writer;
	struct packet packet;
	size_t count;

	packet_start(fixture->arena, &writer, PACKET_DESCRIBE);
	packet_put_u32(&writer, claimed);
	for (size_t i = 0; i < sent; i++)
		packet_put_string(&writer, "word");
	assert_int_equal(packet_parse(writer.bytes, writer.length, &packet), 0);
	packet_get_words(fixture->arena, &packet, &count);
	assert_int_equal(packet_done(&packet), good);
	assert_int_equal(count, good ? sent : packet.bad ? 0 : claimed);
}

static void counts_that_lie_are_noticed(void **state)
{
	struct fixture *fixture = *state;

	parse_words(fixture, 0, 0, true);
	parse_words(fixture, 3, 3, true);
	parse_words(fixture, PACKET_WORDS_MAX, PACKET_WORDS_MAX, true);
	parse_words(fixture, 2, 3, false);
	parse_words(fixture, 4, 3, false);
	parse_words(fixture, PACKET_WORDS_MAX + 1, PACKET_WORDS_MAX + 1, false);
	parse_words(fixture, UINT32_MAX, 3, false);
	parse_words(fixture, UINT32_MAX / 4, 3, false);
}

static void lengths_that_lie_are_noticed(void **state)
{
	struct fixture *fixture = *state;
	static const uint32_t lengths[] = { 5, 0x7fffffff, 0x80000000, UINT32_MAX - 8, UINT32_MAX };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct packet_writer writer;
		struct packet packet;

		packet_start(fixture->arena, &writer, PACKET_INPUT);
		packet_put_u32(&writer, lengths[i]);
		packet_put_u32(&writer, 0x41414141);
		assert_int_equal(packet_parse(writer.bytes, writer.length, &packet), 0);
		assert_string_equal(packet_get_string(fixture->arena, &packet), "");
		assert_false(packet_done(&packet));
		/* Once bad, nothing more comes out. */
		assert_int_equal(packet_get_u32(&packet), 0);
	}
}

static void a_string_with_a_nul_is_bad(void **state)
{
	struct fixture *fixture = *state;
	struct packet_writer writer;
	struct packet packet;

	packet_start(fixture->arena, &writer, PACKET_INPUT);
	packet_put_bytes(&writer, "a\0b", 3);
	assert_int_equal(packet_parse(writer.bytes, writer.length, &packet), 0);
	assert_string_equal(packet_get_string(fixture->arena, &packet), "");
	assert_false(packet_done(&packet));
}

static void too_much_is_not_sent(void **state)
{
	struct fixture *fixture = *state;
	struct packet_writer writer;
	uint8_t *bytes = arena_alloc(fixture->arena, PACKET_MAX);

	packet_start(fixture->arena, &writer, PACKET_INPUT);
	packet_put_bytes(&writer, bytes, PACKET_MAX - 8);
	assert_false(writer.overflow);
	packet_put_u8(&writer, 1);
	assert_true(writer.overflow);
	assert_int_equal(packet_send(fixture->ends[0], &writer, NULL, 0), -1);
	assert_int_equal(errno, EMSGSIZE);
	packet_restart(&writer, PACKET_INPUT);
	packet_put_bytes(&writer, bytes, SIZE_MAX);
	assert_true(writer.overflow);
}

static void the_end_is_told_from_a_packet(void **state)
{
	struct fixture *fixture = *state;
	struct packet packet;

	shutdown(fixture->ends[0], SHUT_WR);
	assert_int_equal(packet_receive(fixture->ends[1], fixture->buffer, &packet), 0);
}

static int count_open(void)
{
	int count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* packet_send() would not: by hand, `count` descriptors and `length` bytes. */
static void send_raw(int socket, const void *bytes, size_t length, int fd, size_t count)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(DESCRIPTORS_SENT_MAX * sizeof(int))] = "";
	struct iovec part = { (void *)(uintptr_t)bytes, length };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = CMSG_SPACE(count * sizeof(int)) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(count * sizeof(int));
	for (size_t i = 0; i < count; i++)
		memcpy(CMSG_DATA(header) + i * sizeof(int), &fd, sizeof(int));
	assert_int_equal(sendmsg(socket, &message, 0), length);
}

static void descriptors_arrive_closed_on_exec(void **state)
{
	struct fixture *fixture = *state;
	struct packet_writer writer;
	struct packet packet;
	int sent[] = { 0, 1, 2 }, before = count_open();

	write_message(&writer, fixture->arena, PACKET_RUN);
	assert_int_equal(packet_send(fixture->ends[0], &writer, sent, 3), 0);
	assert_int_equal(packet_receive(fixture->ends[1], fixture->buffer, &packet), 1);
	assert_int_equal(packet.descriptor_count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(fcntl(packet.descriptors[i], F_GETFD), FD_CLOEXEC);
	packet_close_descriptors(&packet);
	assert_int_equal(packet.descriptor_count, 0);
	assert_int_equal(count_open(), before);
}

static void R22_descriptors_too_many_are_closed(void **state)
{
	struct fixture *fixture = *state;
	struct packet_writer writer;
	struct packet packet;
	int before = count_open();

	write_message(&writer, fixture->arena, PACKET_RUN);
	for (size_t count = PACKET_DESCRIPTORS_MAX + 1; count <= DESCRIPTORS_SENT_MAX; count++) {
		send_raw(fixture->ends[0], writer.bytes, writer.length, 0, count);
		errno = 0;
		assert_int_equal(packet_receive(fixture->ends[1], fixture->buffer, &packet), -1);
		assert_int_equal(errno, EPROTO);
		assert_int_equal(packet.descriptor_count, 0);
		assert_int_equal(count_open(), before);
	}
}

static void R22_descriptors_of_a_malformed_packet_are_closed(void **state)
{
	struct fixture *fixture = *state;
	struct packet packet;
	int before = count_open();

	send_raw(fixture->ends[0], "\xff\xff\x01", 3, 0, 2);
	assert_int_equal(packet_receive(fixture->ends[1], fixture->buffer, &packet), -1);
	assert_int_equal(errno, EPROTO);
	assert_int_equal(count_open(), before);
}

static void other_control_data_is_malformed(void **state)
{
	struct fixture *fixture = *state;
	struct packet_writer writer;
	struct packet packet;
	int on = 1;

	assert_int_equal(
		setsockopt(fixture->ends[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)), 0);
	write_message(&writer, fixture->arena, PACKET_REPLY);
	assert_int_equal(packet_send(fixture->ends[0], &writer, NULL, 0), 0);
	assert_int_equal(packet_receive(fixture->ends[1], fixture->buffer, &packet), -1);
	assert_int_equal(errno, EPROTO);
}

static void a_packet_too_large_is_malformed(void **state)
{
	struct fixture *fixture = *state;
	uint8_t *bytes = arena_alloc(fixture->arena, PACKET_MAX + 1);
	struct packet packet;

	bytes[0] = PROTOCOL_VERSION;
	bytes[2] = PACKET_INPUT;
	assert_int_equal(send(fixture->ends[0], bytes, PACKET_MAX + 1, 0), PACKET_MAX + 1);
	assert_int_equal(packet_receive(fixture->ends[1], fixture->buffer, &packet), -1);
	assert_int_equal(errno, EPROTO);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(messages_arrive_as_they_were_sent),
		TEST(integers_are_little_endian),
		TEST(every_truncation_is_noticed),
		TEST(a_byte_too_many_is_noticed),
		TEST(another_version_is_malformed),
		TEST(counts_that_lie_are_noticed),
		TEST(lengths_that_lie_are_noticed),
		TEST(a_string_with_a_nul_is_bad),
		TEST(too_much_is_not_sent),
		TEST(the_end_is_told_from_a_packet),
		TEST(descriptors_arrive_closed_on_exec),
		TEST(R22_descriptors_too_many_are_closed),
		TEST(R22_descriptors_of_a_malformed_packet_are_closed),
		TEST(other_control_data_is_malformed),
		TEST(a_packet_too_large_is_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

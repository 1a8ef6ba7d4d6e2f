/*
 * The wire format between the gateway and rolegate-recorder(8): one page, both directions.
 *
 * AF_UNIX SOCK_SEQPACKET at RECORDER_SOCKET, root's alone; the recorder takes no peer whose uid is
 * not 0 (R21, R30). Packets are those of protocol/protocol.h: version, type, fields. Who breaks the
 * format is cut off, with a line in the event log.
 *
 * Gateway                                  Recorder
 *   EVENT                             ->
 *                                     <-  TAKEN, or FAILED
 *   OPEN                              ->
 *                                     <-  TAKEN, or FAILED
 *   DATA, LOST, WINDOW (none acknowledged; the socket's buffer holds the sender back)
 *                                     <-  FAILED, when it can't be written any more, at any time
 *   CLOSE                             ->
 *                                     <-  TAKEN, or FAILED     (and the next OPEN may come)
 *   STATUS                            ->
 *                                     <-  STATE                (whenever an EVENT may come)
 *
 * A connection has at most one open transcript; events and a transcript may share one. One that
 * ends without CLOSE ends its transcript as "cut". After a FAILED that names DATA, the transcript
 * has ended: what still comes for it, up to a CLOSE, is passed over without an answer. What is
 * TAKEN has been given to the file system by write(2), and with `sync = "always"` to the disk by
 * fdatasync(2); else that follows for the log within a second.
 */
#ifndef ROLEGATE_RECORDER_WIRE_H
#define ROLEGATE_RECORDER_WIRE_H

#include "protocol/protocol.h"

#define RECORDER_SOCKET ROLEGATE_RUN_DIR "/recorder.sock"

enum { RECORDER_OPERATION_MAX = 32 };

enum recorder_packet {
	/* gateway -> recorder */
	RECORDER_EVENT = 128,  /* string: a JSON object, one line of printable ASCII, with no blank
				  between its parts, without the chain's members, with an op that is
				  not one of the recorder's */
	RECORDER_OPEN = 129,   /* string request id (32 hex digits, R31); u32 uid (R23); string
				  header: the asciicast header, a JSON object, with the endpoint's
				  name as member "endpoint", if there is one; u64 most bytes of
				  stream data to keep, 0: the recorder's own limit */
	RECORDER_DATA = 130,   /* u8 code: 'o' output, 'i' input, 'e' standard error (of pipes); u64
				  microseconds since the header; string bytes, as they came: the
				  recorder splits no character over two events, marks what is not
				  UTF-8, and turns to counts and a hash what is binary (R33) */
	RECORDER_LOST = 131,   /* u8 code; u64 microseconds; u64 bytes that are not given, since the
				  sender knows of the limit */
	RECORDER_WINDOW = 132, /* u64 microseconds; u16 columns; u16 rows: "r" of asciicast */
	RECORDER_CLOSE = 133,  /* u64 microseconds; string reason: "end", "failed" … */
	RECORDER_STATUS = 134, /* nothing */
	/* recorder -> gateway */
	RECORDER_TAKEN = 192,  /* u64: seq of an EVENT; of an OPEN the bytes of stream data that are
				  kept; of a CLOSE bytes of the file; string: of an EVENT "", of an
				  OPEN the file, of a CLOSE the file's SHA-256 */
	RECORDER_FAILED = 193, /* u16: the type of the packet that it answers; DATA, at any time:
				  the transcript has ended; string: why, in words */
	RECORDER_STATE = 194,  /* u64: seq of the oldest line that is left; u64: of the newest; u64:
				  events and transcripts that were FAILED since the recorder
				  started; u8: 1 when the disk is full */
};

#endif

#!/usr/bin/python3
"""A file server with one shared virtual disk (MS-RSVD version 2), for tests.

impacket has the sessions, NTLM and the parsers of requests. What it lacks is here: SMB 3.0.2 with AES-CMAC signatures in
both directions, interim answers, and the shared disk, whose semantics are those of the specification, on plain files.

usage: shared_disk_server.py FOLDER USER PASSWORD

FOLDER/disk       content of the live virtual disk; tests write to it
FOLDER/snapshots  one copy per snapshot, named by its id; made by 'create', or by a test as somebody else's
FOLDER/kept       contents of deleted snapshots of which a reference is kept
FOLDER/log        a line for each operation, appended before it is answered
FOLDER/settings   lines 'NAME VALUE', read again for each operation:
  grain N           changes are told in pieces of N bytes (4096)
  ranges N          most ranges of one answer, besides what fits into it
  support N         what the server says that it can do (7)
  format N          4 for a VHD set (the default), 3 for a shared VHDX
  references no     deleting with a reference kept is refused
  forgets yes       references are kept, but nothing is answered from them
  fail OP STATUS    hex; the tunnel's operation OP ends with STATUS
  read STATUS       hex; reads end with STATUS
  expire N          a connection's session has expired after N reads
  sense HEX         what is stored about an error of a read
"""

import configparser
import os
import struct
import sys
import threading
import uuid

from Cryptodome.Hash import CMAC
from Cryptodome.Cipher import AES
from impacket import crypto, ntlm, smb3structs as smb2
from impacket.smbserver import SMBSERVER

SUCCESS = 0
PENDING = 0x00000103
INVALID_PARAMETER = 0xC000000D
INVALID_DEVICE_REQUEST = 0xC0000010
ACCESS_DENIED = 0xC0000022
BUFFER_TOO_SMALL = 0xC0000023
NAME_NOT_FOUND = 0xC0000034
NOT_SUPPORTED = 0xC00000BB
FILE_CLOSED = 0xC0000128
VERSION_MISMATCH = 0xC05CFF09
NO_SENSE = 0xC05CFF00

DIALECT = 0x0302
SERVER = b'varve test disk.'
SIGNED = 0x8
ASYNC = 0x2
SIGNING_REQUIRED = 3
MOST = 65536
SECTOR = 512
SUFFIX = ':SharedVirtualDisk'
OPEN_CONTEXT = bytes.fromhex('9CCBCF9E04C1E643980E158DA1F6EC83')
EA_NAME = b'RSVD_TARGET_SPECIFIER_EA'
NIL = bytes(16)

lock = threading.RLock()


class Failure(Exception):
    """An NT status instead of an answer."""

    def __init__(self, status):
        super().__init__(hex(status))
        self.status = status


class Raw:
    """The body of an answer, as impacket wants it."""

    def __init__(self, data):
        self.data = data

    def getData(self):
        return self.data


def uuid_text(raw):
    return str(uuid.UUID(bytes_le=raw))


class Disk:
    """The VHD set and its snapshots."""

    def __init__(self, folder):
        self.folder = folder
        self.begun = {}  # snapshot id: transaction id
        self.opens = {}  # file id: Open
        for name in ('snapshots', 'kept'):
            os.makedirs(os.path.join(folder, name), exist_ok=True)

    def settings(self):
        found = {}
        try:
            with open(os.path.join(self.folder, 'settings')) as lines:
                for line in lines:
                    words = line.split()
                    if words:
                        found[words[0]] = words[1:]
        except FileNotFoundError:
            pass
        return found

    def number(self, name, default):
        return int(self.settings().get(name, [str(default)])[0])

    def log(self, *words):
        with open(os.path.join(self.folder, 'log'), 'a') as log:
            log.write(' '.join(str(word) for word in words) + '\n')

    def live(self):
        return os.path.join(self.folder, 'disk')

    def snapshot(self, raw):
        return os.path.join(self.folder, 'snapshots', uuid_text(raw))

    def reference(self, raw):
        return os.path.join(self.folder, 'kept', uuid_text(raw))

    def size(self):
        return os.path.getsize(self.live())

    def disk_id(self):
        return uuid.uuid5(uuid.NAMESPACE_URL, self.folder).bytes_le

    # operations of the tunnel; each returns the payload of its answer

    def initial_info(self, payload, room):
        return struct.pack('<IIIIQ', 2, SECTOR, 4096, 0, self.size())

    def disk_info(self, payload, room):
        if len(payload) != 56 or any(payload):
            raise Failure(INVALID_PARAMETER)
        form = self.number('format', 4)
        return struct.pack('<III16sBBHQ16s', 3, form, 32 << 20, NIL, 1, 1, 0, self.size(), self.disk_id())

    def validate(self, payload, room):
        return b'\x01'

    def check(self, payload, room):
        return b''

    def safe_size(self, payload, room):
        return struct.pack('<Q', self.size())

    def srb_status(self, payload, room):
        sense = self.settings().get('sense')
        if sense is None:
            raise Failure(NO_SENSE)
        stored = bytes.fromhex(sense[0])
        return struct.pack('<BBBB20s', payload[0], 0x82, 2, len(stored), stored)

    def meta_start(self, payload, room):
        transaction, kind = struct.unpack_from('<16sI', payload)
        if kind != 1 or len(payload) < 76:
            raise Failure(INVALID_PARAMETER)
        snapshot_type, flags = struct.unpack_from('<II', payload, 24)
        stages = struct.unpack_from('<6I', payload, 32)
        snapshot = payload[56:72]
        if snapshot_type != 1 or snapshot == NIL:
            raise Failure(INVALID_PARAMETER)
        if self.number('format', 4) != 4:
            raise Failure(INVALID_DEVICE_REQUEST)
        if stages == (1, 0, 0, 0, 0, 0):
            if flags != 1 or snapshot in self.begun or os.path.exists(self.snapshot(snapshot)):
                raise Failure(INVALID_PARAMETER)
            self.begun[snapshot] = transaction
        elif stages == (2, 3, 4, 5, 0, 0):
            if flags != 0 or self.begun.pop(snapshot, None) != transaction:
                raise Failure(INVALID_PARAMETER)
            with open(self.live(), 'rb') as live, open(self.snapshot(snapshot), 'xb') as copy:
                copy.write(live.read())
        else:
            raise Failure(INVALID_PARAMETER)
        self.log('create', uuid_text(snapshot), stages[0])
        return b''

    def meta_progress(self, payload, room):
        return struct.pack('<QQ', 1, 1)

    def set_query(self, payload, room):
        if self.number('format', 4) != 4:
            raise Failure(INVALID_DEVICE_REQUEST)
        if len(payload) != 24:
            raise Failure(BUFFER_TOO_SMALL)
        what, kind, snapshot = struct.unpack('<II16s', payload)
        if kind != 1:
            raise Failure(INVALID_PARAMETER)
        if what == 2:
            names = sorted(os.listdir(os.path.join(self.folder, 'snapshots')))
            ids = b''.join(uuid.UUID(name).bytes_le for name in names)
            fits = 16 + 16 + len(ids) <= room
            return struct.pack('<IIBBHI', 2, 0xDEADBEEF, fits, 0, 0, len(names)) + (ids if fits else b'')
        if what == 5 and os.path.exists(self.snapshot(snapshot)):
            return struct.pack('<IIQII16s16s16s', 5, 0xDEADBEEF, 0, 1, 1, snapshot, NIL, NIL)
        raise Failure(INVALID_PARAMETER)

    def delete(self, payload, room):
        snapshot, keep, kind = struct.unpack('<16sII', payload)
        settings = self.settings()
        refused = keep and settings.get('references') == ['no']
        if kind != 1 or refused or not os.path.exists(self.snapshot(snapshot)):
            raise Failure(INVALID_PARAMETER)
        if any(one.snapshot == snapshot for one in self.opens.values()):
            raise Failure(0xC0000043)
        if keep:
            os.replace(self.snapshot(snapshot), self.reference(snapshot))
        else:
            os.remove(self.snapshot(snapshot))
        self.log('delete', uuid_text(snapshot), keep)
        return b''

    def changes(self, payload, room):
        newer, older, kind, _, offset, length = struct.unpack('<16s16sIIQQ', payload)
        settings = self.settings()
        base = self.snapshot(older)
        if not os.path.exists(base) and settings.get('forgets') != ['yes']:
            base = self.reference(older)
        if kind != 1 or not os.path.exists(self.snapshot(newer)) or not os.path.exists(base):
            raise Failure(INVALID_PARAMETER)
        grain = self.number('grain', 4096)
        most = min((room - 16 - 16) // 24, self.number('ranges', 1 << 30))
        ranges = []
        at = offset
        end = min(offset + length, self.size())
        with open(self.snapshot(newer), 'rb') as new, open(base, 'rb') as old:
            while at < end and len(ranges) < most:
                stop = min(end, (at // grain + 1) * grain)
                new.seek(at)
                old.seek(at)
                if new.read(stop - at) != old.read(stop - at):
                    ranges.append((at, stop - at))
                at = stop
        processed = length if at >= end else at - offset
        self.log('changes', offset, length, processed, len(ranges))
        told = b''.join(struct.pack('<QQQ', begin, size, 0) for begin, size in ranges)
        return struct.pack('<QII', processed, len(ranges), 0) + told

    OPERATIONS = {
        0x02001001: initial_info,
        0x02001003: check,
        0x02001004: srb_status,
        0x02001005: disk_info,
        0x02001006: validate,
        0x02002101: meta_start,
        0x02002002: meta_progress,
        0x02002005: set_query,
        0x02002006: delete,
        0x0200200C: changes,
        0x0200200D: safe_size,
    }

    def tunnel(self, control, data, room):
        """The output of a control code that carries an operation."""
        if len(data) < 16:
            raise Failure(BUFFER_TOO_SMALL)
        operation, status, request = struct.unpack_from('<IIQ', data)
        if operation >> 24 != 2 or status != 0:
            raise Failure(INVALID_DEVICE_REQUEST)
        version = operation >> 12 & 0xFFF
        answer = b''
        try:
            if version not in (1, 2):
                raise Failure(VERSION_MISMATCH)
            action = self.OPERATIONS.get(operation)
            if action is None or (control == 0x00090364) != (operation == 0x02002101):
                raise Failure(INVALID_PARAMETER)
            fail = self.settings().get('fail')
            if fail is not None and int(fail[0], 16) == operation:
                raise Failure(int(fail[1], 16))
            answer = action(self, data[16:], room)
            status = 0
        except Failure as failure:
            status = failure.status
            self.log('refused', hex(operation), hex(status))
        if 16 + len(answer) > room:
            raise Failure(BUFFER_TOO_SMALL)
        return struct.pack('<IIQ', operation, status, request) + answer


class Open:
    """An open of the disk: live, or as of a snapshot."""

    def __init__(self, disk, snapshot, initiator):
        self.snapshot = snapshot
        self.initiator = initiator
        self.connection = threading.current_thread().name
        self.reads = 0
        self.file = open(disk.live() if snapshot is None else disk.snapshot(snapshot), 'rb')


class Server(SMBSERVER):
    """impacket's server with what it lacks; see the top of this file."""

    def __init__(self, folder, user, password):
        config = configparser.ConfigParser()
        config['global'] = {
            'server_name': 'DISKS', 'server_os': 'test', 'server_domain': 'VARVE', 'log_file': 'None',
            'credentials_file': '', 'challenge': '4141414141414141', 'rpc_apis': 'no', 'anonymous_logon': 'no',
            'SMB2Support': 'True',
        }
        config['VMS'] = {'comment': '', 'read only': 'no', 'share type': '0', 'path': folder}
        SMBSERVER.__init__(self, ('127.0.0.1', 0), config_parser=config)
        self.processConfigFile()
        self.daemon_threads = True
        self.addCredential(user, 0, ntlm.compute_lmhash(password).hex(), ntlm.compute_nthash(password).hex())
        self.disk = Disk(folder)
        self.theirs = {}
        for command, action in (
                (smb2.SMB2_NEGOTIATE, self.negotiate), (smb2.SMB2_CREATE, self.create),
                (smb2.SMB2_CLOSE, self.close_file), (smb2.SMB2_READ, self.read), (smb2.SMB2_IOCTL, self.control)):
            self.theirs[command] = self.hookSmb2Command(command, action)

    # messages

    def signSMBv2(self, packet, key):
        """Done where the answer is whole: this method does it in the way of SMB 2.0.2."""

    def signature(self, key, message):
        signing = crypto.KDF_CounterMode(key, b'SMB2AESCMAC\x00', b'SmbSign\x00', 128)
        bare = message[:48] + bytes(16) + message[64:]
        return CMAC.new(signing, bare, AES).digest()

    def processRequest(self, connection, message):
        known = self.getConnectionData(connection, False)
        key = known['SigningSessionKey']
        command = struct.unpack_from('<H', message, 12)[0]
        if key and message[:4] == b'\xfeSMB' and message[48:64] != self.signature(key, message):
            raise Exception('a request with a wrong signature')
        code = struct.unpack_from('<I', message, 68)[0] if command == smb2.SMB2_IOCTL else 0
        answers = [bytearray(answer if isinstance(answer, bytes) else answer.getData())
                   for answer in SMBSERVER.processRequest(self, connection, message)]
        if code == 0x00090364:
            answers = self.with_interim(message, answers[0])
        key = self.getConnectionData(connection, False)['SigningSessionKey']
        for answer in answers:
            if key and struct.unpack_from('<I', answer, 8)[0] != PENDING:
                answer[16] |= SIGNED
                answer[48:64] = self.signature(key, bytes(answer))
        return [bytes(answer) for answer in answers]

    def with_interim(self, request, answer):
        """Says first that it is at work, as servers do with what takes long (MS-SMB2 3.3.4.2)."""
        number = struct.pack('<Q', struct.unpack_from('<Q', request, 24)[0] + 1)
        answer[16] |= ASYNC
        answer[32:40] = number
        interim = bytearray(answer[:64]) + struct.pack('<HBBIB', 9, 0, 0, 0, 0)
        interim[8:12] = struct.pack('<I', PENDING)
        answer[14:16] = bytes(2)  # the credits came with the interim answer
        return [interim, answer]

    # commands

    def negotiate(self, connection, server, packet, is_first_dialect=False):
        result = self.theirs[smb2.SMB2_NEGOTIATE](connection, server, packet, is_first_dialect)
        answer = result[1][0]['Data']
        answer['DialectRevision'] = DIALECT
        answer['SecurityMode'] = SIGNING_REQUIRED
        answer['ServerGuid'] = SERVER
        result[1][0]['Data'] = answer
        return result

    def create(self, connection, server, packet):
        body = packet['Data']
        asked = smb2.SMB2Create(body)
        begin = asked['NameOffset'] - 64
        name = body[begin:begin + asked['NameLength']].decode('utf-16le')
        if not name.endswith(SUFFIX):
            return [smb2.SMB2Error()], None, NAME_NOT_FOUND
        try:
            if name != 'cluster.vhds' + SUFFIX:
                raise Failure(0xC0000102)
            if not asked['CreateOptions'] & 0x8 or asked['CreateDisposition'] != 1:
                raise Failure(NOT_SUPPORTED)
            with lock:
                return [Raw(self.created(asked, self.contexts(asked, body)))], None, SUCCESS
        except Failure as failure:
            return [smb2.SMB2Error()], None, failure.status

    def contexts(self, asked, body):
        found = {}
        at = asked['CreateContextsOffset'] - 64
        while asked['CreateContextsLength']:
            following, name_at, name_length, _, data_at, length = struct.unpack_from('<IHHHHI', body, at)
            name = bytes(body[at + name_at:at + name_at + name_length])
            found[name] = bytes(body[at + data_at:at + data_at + length])
            if following == 0:
                break
            at += following
        return found

    def created(self, asked, contexts):
        answers = [(b'QFid', struct.pack('<QQQQ', 77, 7, 0, 0))]
        if b'ExtA' in contexts:
            opened = self.open_at(contexts[b'ExtA'])
        elif OPEN_CONTEXT in contexts:
            data = bytearray(contexts[OPEN_CONTEXT])
            if len(data) < 168 or data[0] == 2 and len(data) < 192:
                raise Failure(BUFFER_TOO_SMALL)
            if struct.unpack_from('<I', data)[0] not in (1, 2) or data[4] not in (0, 1):
                raise Failure(INVALID_PARAMETER)
            has_initiator = data[4] == 1 and bytes(data[8:24]) != NIL
            opened = Open(self.disk, None, has_initiator)
            if data[0] == 2:
                data[168:192] = struct.pack('<IIIIQ', 1, 2, SECTOR, 4096, self.disk.size())
            answers.append((OPEN_CONTEXT, bytes(data)))
        else:
            raise Failure(0xC0000033)
        number = uuid.uuid4().bytes
        self.disk.opens[number] = opened
        self.disk.log('open', 'live' if opened.snapshot is None else uuid_text(opened.snapshot))
        size = self.disk.size()
        time_of_all = 132223104000000000
        said = self.encoded(answers)
        return struct.pack('<HBBIQQQQQQII16sII', 89, 0, 0, 1, time_of_all, time_of_all, time_of_all, time_of_all,
                           size, size, 0, 0, number, 152, len(said)) + said

    def open_at(self, data):
        following, flags, name_length, value_length = struct.unpack_from('<IBBH', data)
        if following or flags != 0x80 or value_length != 24 or data[8:8 + name_length] != EA_NAME:
            raise Failure(INVALID_PARAMETER)
        space, kind, snapshot = struct.unpack_from('<II16s', data, 8 + name_length + 1)
        if space != 0 or kind not in (1, 4) or not os.path.exists(self.disk.snapshot(snapshot)):
            raise Failure(INVALID_PARAMETER)
        return Open(self.disk, snapshot, True)

    def encoded(self, contexts):
        """In an order that is not that of the request, as Windows does."""
        entries = []
        for name, data in reversed(contexts):
            data_at = (16 + len(name) + 7) & ~7
            entry = bytearray(struct.pack('<IHHHHI', 0, 16, len(name), 0, data_at, len(data)) + name)
            entry += bytes(data_at - len(entry)) + data
            entries.append(entry)
        for entry in entries[:-1]:
            entry += bytes(-len(entry) % 8)
            entry[0:4] = struct.pack('<I', len(entry))
        return bytes(b''.join(entries))

    def opened(self, number):
        if number not in self.disk.opens:
            raise Failure(FILE_CLOSED)
        return self.disk.opens[number]

    def read(self, connection, server, packet):
        asked = smb2.SMB2Read(packet['Data'])
        try:
            with lock:
                return [Raw(self.content(asked))], None, SUCCESS
        except Failure as failure:
            return [smb2.SMB2Error()], None, failure.status

    def content(self, asked):
        opened = self.opened(asked['FileID'].getData())
        fail = self.disk.settings().get('read')
        if fail is not None:
            raise Failure(int(fail[0], 16))
        opened.reads += 1
        if opened.reads > self.disk.number('expire', 1 << 30):
            self.disk.log('expired')
            raise Failure(0xC000035C)
        offset, length = asked['Offset'], asked['Length']
        if offset % SECTOR or length % SECTOR or length > MOST or offset + length > self.disk.size():
            raise Failure(INVALID_PARAMETER)
        if not opened.initiator:
            raise Failure(0xC05C0001)
        opened.file.seek(offset)
        data = opened.file.read(length)
        where = 'live' if opened.snapshot is None else uuid_text(opened.snapshot)
        self.disk.log('read', where, offset, length)
        return struct.pack('<HBBIII', 17, 80, 0, len(data), 0, 0) + data

    def close_file(self, connection, server, packet):
        number = smb2.SMB2Close(packet['Data'])['FileID'].getData()
        try:
            with lock:
                self.opened(number).file.close()
                del self.disk.opens[number]
                self.disk.log('close')
        except Failure as failure:
            return [smb2.SMB2Error()], None, failure.status
        return [Raw(struct.pack('<HHIQQQQQQI', 60, 0, 0, 0, 0, 0, 0, 0, 0, 0))], None, SUCCESS

    def control(self, connection, server, packet):
        asked = smb2.SMB2Ioctl(packet['Data'])
        code, number = asked['CtlCode'], asked['FileID'].getData()
        begin = asked['InputOffset'] - 64
        data = bytes(packet['Data'][begin:begin + asked['InputCount']])
        try:
            if asked['Flags'] != 1:
                raise Failure(NOT_SUPPORTED)
            with lock:
                output = self.output(code, number, data, asked['MaxOutputResponse'])
        except Failure as failure:
            return [smb2.SMB2Error()], None, failure.status
        fixed = struct.pack('<HHI16sIIIIII', 49, 0, code, number, 112, 0, 112, len(output), 0, 0)
        return [Raw(fixed + output)], None, SUCCESS

    def output(self, code, number, data, room):
        if code == 0x00140204:
            capabilities, client, mode, count = struct.unpack_from('<I16sHH', data)
            dialects = struct.unpack_from('<%dH' % count, data, 24)
            if DIALECT not in dialects:
                raise Failure(ACCESS_DENIED)
            return struct.pack('<I16sHH', 0, SERVER, SIGNING_REQUIRED, DIALECT)
        opened = self.opened(number)
        if code == 0x00090300:
            support = self.disk.number('support', 7)
            if support == 0:
                raise Failure(INVALID_DEVICE_REQUEST)
            return struct.pack('<II', support, 3)
        if code in (0x00090304, 0x00090364):
            return self.disk.tunnel(code, data, room)
        raise Failure(INVALID_DEVICE_REQUEST)

    def finish_request(self, request, address):
        """When a connection ends, so do its opens. Each has a thread of its own."""
        SMBSERVER.finish_request(self, request, address)
        own = threading.current_thread().name
        with lock:
            for number in [number for number, opened in self.disk.opens.items() if opened.connection == own]:
                self.disk.opens.pop(number).file.close()


def main():
    server = Server(sys.argv[1], sys.argv[2], sys.argv[3])
    print('listening', server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()  # until the test ends


main()

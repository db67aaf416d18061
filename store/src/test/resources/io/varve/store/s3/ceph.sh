#!/usr/bin/env bash
# ceph.sh DIR PORT: a Ceph cluster of one node with an S3 gateway on 127.0.0.1:PORT, everything in DIR. Prints "ready" and
# runs until its standard input ends; then everything is stopped. Keys: "access" and "secret".
set -euo pipefail
dir=$1 port=$2
mkdir -p "$dir"/{mon,mgr,osd,rgw,run}
cd "$dir"
export CEPH_CONF=$dir/ceph.conf
trap 'kill -9 $(jobs -p) 2>/dev/null || true; wait 2>/dev/null || true' EXIT # nothing in it is worth a clean end

cluster=$(cat /proc/sys/kernel/random/uuid)
osd=$(cat /proc/sys/kernel/random/uuid)
mon_port=$((port + 1))
cat >ceph.conf <<CONF
[global]
fsid = $cluster
mon_host = [v2:127.0.0.1:$mon_port/0]
public_addr = 127.0.0.1
auth_cluster_required = cephx
auth_service_required = cephx
auth_client_required = cephx
keyring = $dir/keyring
run_dir = $dir/run
admin_socket = $dir/run/\$name.asok
log_file = $dir/\$name.log
osd_pool_default_size = 1
osd_pool_default_min_size = 1
mon_allow_pool_size_one = true
osd_crush_chooseleaf_type = 0
osd_pool_default_pg_num = 8
osd_pool_default_pg_autoscale_mode = off
mon_data_avail_warn = 1
mon_data_avail_crit = 0
osd_memory_target = 939524096
[mon.a]
mon_data = $dir/mon
[mgr.x]
mgr_data = $dir/mgr
mgr_initial_modules =
[osd.0]
osd_data = $dir/osd
bluestore_block_size = 8589934592
bluestore_cache_size = 134217728
[client.rgw.a]
rgw_data = $dir/rgw
rgw_frontends = beast endpoint=127.0.0.1:$port tcp_nodelay=1
CONF

ceph-authtool --create-keyring keyring --gen-key -n mon. --cap mon 'allow *' >/dev/null
ceph-authtool keyring --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
ceph-authtool keyring --gen-key -n client.rgw.a --cap mon 'allow rw' --cap osd 'allow rwx'
ceph-authtool keyring --gen-key -n mgr.x --cap mon 'allow profile mgr' --cap osd 'allow *'
monmaptool --create --fsid "$cluster" --addv a "[v2:127.0.0.1:$mon_port/0]" monmap >/dev/null
ceph-mon --mkfs -i a --monmap monmap --keyring keyring
cp keyring mgr/
ceph-mon -i a -f >mon.out 2>&1 &
timeout 60 ceph -s >/dev/null
ceph auth import -i keyring >/dev/null 2>&1
ceph-mgr -i x -f >mgr.out 2>&1 &
secret=$(ceph-authtool --gen-print-key)
echo "{\"cephx_secret\":\"$secret\"}" | ceph osd new "$osd" -i - >/dev/null
ceph-authtool --create-keyring osd/keyring -n osd.0 --add-key "$secret" >/dev/null
ceph-osd -i 0 --mkfs --osd-uuid "$osd" -k osd/keyring --keyring osd/keyring >osd.mkfs 2>&1
ceph-osd -i 0 -f --keyring osd/keyring >osd.out 2>&1 &
for _ in $(seq 120); do
    ceph osd stat 2>/dev/null | grep -q '1 up' && break
    sleep 0.5
done
radosgw -n client.rgw.a -f >rgw.out 2>&1 &
for _ in $(seq 240); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'GET / HTTP/1.0\r\n\r\n' >&3 && grep -q '^HTTP/' <&3) 2>/dev/null && break
    sleep 0.5
done
radosgw-admin user create --uid varve --display-name varve --access-key access --secret-key secret >/dev/null 2>&1
echo ready
cat >/dev/null

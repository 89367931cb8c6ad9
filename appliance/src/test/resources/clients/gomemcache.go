// Every operation of gomemcache. Text only.
//
// Usage: gomemcache HOST PORT text; one line per operation, `ok <operation>` or `FAIL <operation>: <why>`; exit status 1
// when one failed. It builds in GOPATH mode, against Debian's /usr/share/gocode.
package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bradfitz/gomemcache/memcache"
)

var failures int

func check(operation string, err error, good bool) {
	if err == nil && good {
		fmt.Println("ok", operation)
		return
	}
	failures++
	fmt.Printf("FAIL %s: good=%v err=%v\n", operation, good, err)
}

// refused checks that an operation ends with this error.
func refused(operation string, err, expected error) {
	check(operation, nil, err == expected)
}

func connect(server string) *memcache.Client {
	client := memcache.New(server)
	client.Timeout = 20 * time.Second
	return client
}

func valueOf(size int) []byte {
	value := make([]byte, size)
	for i := range value {
		value[i] = byte(i*7 + size + i>>8)
	}
	return value
}

func holds(c *memcache.Client, key string, value []byte) (error, bool) {
	item, err := c.Get(key)
	return err, err == nil && bytes.Equal(item.Value, value)
}

func item(key, value string) *memcache.Item {
	return &memcache.Item{Key: key, Value: []byte(value)}
}

// race lets two writers begin together, and says how many won.
func race(writers [2]*memcache.Client, write func(writer int, client *memcache.Client) error) int32 {
	var wins int32
	var ready, done sync.WaitGroup
	ready.Add(1)
	done.Add(2)
	for i, client := range writers {
		go func(i int, client *memcache.Client) {
			defer done.Done()
			ready.Wait()
			if write(i, client) == nil {
				atomic.AddInt32(&wins, 1)
			}
		}(i, client)
	}
	ready.Done()
	done.Wait()
	return wins
}

func main() {
	server := os.Args[1] + ":" + os.Args[2]
	c := connect(server)
	check("FlushAll", c.FlushAll(), true)
	check("Set short ttl", c.Set(&memcache.Item{Key: "ttl", Value: []byte("x"), Expiration: 1}), true)
	_, err := c.Get("a")
	refused("Get miss", err, memcache.ErrCacheMiss)
	refused("Replace miss", c.Replace(item("a", "0")), memcache.ErrNotStored)
	check("Add", c.Add(item("a", "1")), true)
	refused("Add exists", c.Add(item("a", "2")), memcache.ErrNotStored)
	check("Replace", c.Replace(item("a", "3")), true)
	err, good := holds(c, "a", []byte("3"))
	check("Get", err, good)
	check("Set", c.Set(&memcache.Item{Key: "f", Value: []byte("4"), Flags: 4294967295}), true)
	flagged, err := c.Get("f")
	check("Get flags", err, err == nil && flagged.Flags == 4294967295)

	keys := []string{}
	for i := 0; i < 1500; i++ {
		key := "k" + strconv.Itoa(i)
		keys = append(keys, key)
		if i < 1000 {
			err = c.Set(item(key, "v"+key))
		}
	}
	check("Set 1000", err, true)
	many, err := c.GetMulti(keys)
	check("GetMulti of 1000", err, len(many) == 1000 && string(many["k7"].Value) == "vk7")
	none, err := c.GetMulti([]string{"nothere"})
	check("GetMulti miss", err, len(none) == 0)

	_, err = c.Increment("n", 1)
	refused("Increment miss", err, memcache.ErrCacheMiss)
	_, err = c.Decrement("n", 1)
	refused("Decrement miss", err, memcache.ErrCacheMiss)
	c.Set(item("n", "10"))
	number, err := c.Increment("n", 5)
	check("Increment", err, number == 15)
	number, err = c.Decrement("n", 7)
	check("Decrement", err, number == 8)
	number, err = c.Decrement("n", 100)
	check("Decrement below zero", err, number == 0)
	c.Set(item("n", "18446744073709551615"))
	number, err = c.Increment("n", 2)
	check("Increment wraps", err, number == 1)
	c.Set(item("text", "abc"))
	_, err = c.Increment("text", 1)
	check("Increment text", nil, err != nil)

	check("Touch", c.Touch("a", 100), true)
	refused("Touch miss", c.Touch("nothere", 100), memcache.ErrCacheMiss)
	check("Delete", c.Delete("a"), true)
	refused("Delete miss", c.Delete("a"), memcache.ErrCacheMiss)

	c.Set(item("cas", "1"))
	first, err := c.Get("cas")
	check("Get for CompareAndSwap", err, true)
	stale, _ := c.Get("cas")
	first.Value = []byte("2")
	check("CompareAndSwap", c.CompareAndSwap(first), true)
	stale.Value = []byte("3")
	refused("CompareAndSwap stale", c.CompareAndSwap(stale), memcache.ErrCASConflict)
	err, good = holds(c, "cas", []byte("2"))
	check("Get after CompareAndSwap", err, good)
	gone, _ := c.Get("cas")
	c.Delete("cas")
	refused("CompareAndSwap miss", c.CompareAndSwap(gone), memcache.ErrCacheMiss)

	writers := [2]*memcache.Client{connect(server), connect(server)}
	c.Set(item("race", "0"))
	one := true
	for round := 0; round < 25; round++ {
		var read [2]*memcache.Item
		for i, writer := range writers {
			read[i], err = writer.Get("race")
		}
		one = one && err == nil && race(writers, func(i int, client *memcache.Client) error {
			read[i].Value = []byte(fmt.Sprint(round, " of ", i))
			return client.CompareAndSwap(read[i])
		}) == 1
	}
	check("CompareAndSwap race", err, one)
	one = true
	for round := 0; round < 25; round++ {
		c.Delete("race")
		one = one && race(writers, func(i int, client *memcache.Client) error {
			return client.Add(item("race", strconv.Itoa(i)))
		}) == 1
	}
	check("Add race", nil, one)

	check("Set long ttl", c.Set(&memcache.Item{Key: "e", Value: []byte("x"), Expiration: 1000}), true)
	err, good = holds(c, "e", []byte("x"))
	check("Get long ttl", err, good)
	check("Set expired", c.Set(&memcache.Item{Key: "e", Value: []byte("x"), Expiration: -1}), true)
	_, err = c.Get("e")
	refused("Get expired", err, memcache.ErrCacheMiss)
	c.Set(item("e", "x"))
	check("Touch away", c.Touch("e", -1), true)
	_, err = c.Get("e")
	refused("Get touched away", err, memcache.ErrCacheMiss)

	for _, size := range []int{0, 1, 10, 255, 1024, 1400, 4096, 16384, 65536, 262144, 1000000, 1048576 - 512} {
		err = c.Set(&memcache.Item{Key: "size", Value: valueOf(size)})
		if err == nil {
			err, good = holds(c, "size", valueOf(size))
		}
		check("Set and Get "+strconv.Itoa(size), err, good)
	}
	check("Set too large", nil, c.Set(&memcache.Item{Key: "size", Value: make([]byte, 1<<20+1)}) != nil)
	_, err = c.Get("size")
	refused("Get after too large", err, memcache.ErrCacheMiss)
	binary := append(valueOf(256), []byte("\r\nEND\r\n")...)
	check("Set bytes", c.Set(&memcache.Item{Key: "bytes", Value: binary}), true)
	err, good = holds(c, "bytes", binary)
	check("Get bytes", err, good)
	check("Set unicode value", c.Set(item("u", "значение ☃ 😀")), true)
	err, good = holds(c, "u", []byte("значение ☃ 😀"))
	check("Get unicode value", err, good)
	long := strings.Repeat("k", 250)
	check("Set key of 250", c.Set(item(long, "v")), true)
	err, good = holds(c, long, []byte("v"))
	check("Get key of 250", err, good)
	refused("Set key of 251", c.Set(item(long+"k", "v")), memcache.ErrMalformedKey)

	ended := false
	for i := 0; i < 50 && !ended; i++ {
		_, err = c.Get("ttl")
		ended = err == memcache.ErrCacheMiss
		if !ended {
			time.Sleep(100 * time.Millisecond)
		}
	}
	check("short ttl ends", nil, ended)
	check("DeleteAll", c.DeleteAll(), true)
	_, err = c.Get("k7")
	refused("Get after DeleteAll", err, memcache.ErrCacheMiss)
	if failures > 0 {
		os.Exit(1)
	}
}

using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Metrics;

/// <summary>The file of a rack's minutes.</summary>
public sealed class MetricsRingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ring-");

    private string File => Path.Combine(_folder.FullName, "metrics.ring");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_record_is_read_as_it_was_written()
    {
        var latencies = new LatencyHistogram();
        for (var i = 0; i < 1000; i++) latencies.Add(TimeSpan.FromMilliseconds(i));
        var written = Minute(3) with
        {
            Traffic = new(1000, 7, 2, 1L << 40, 12, latencies.Read()),
            Processes = 2,
            Cpu = TimeSpan.FromSeconds(90),
            MemoryBytes = 1L << 33
        };

        Append(written);

        var read = Assert.Single(Read());
        Assert.Equal(written.Traffic.Latencies.Counts, read.Traffic.Latencies.Counts);
        Assert.Equal(written with { Traffic = written.Traffic with { Latencies = default } },
            read with { Traffic = read.Traffic with { Latencies = default } });
    }

    [Fact]
    public void A_file_that_is_removed_while_it_is_open_is_made_again()
    {
        using var ring = new MetricsRing(File, 4);
        ring.Append([Minute(1)]);
        System.IO.File.Delete(File);
        ring.Append([Minute(2)]);

        Assert.Equal([2], Numbers(Read()));
    }

    [Fact]
    public void Another_apps_minutes_and_older_ones_are_not_read()
    {
        var other = Minute(5) with { Service = new(AppName.Parse("other"), A.Web) };
        Append(Minute(1), Minute(2), other, Minute(3));

        Assert.Equal([2, 3], Numbers(Read(since: 2)));
    }

    [Fact]
    public void The_oldest_makes_room_for_the_newest_in_a_file_that_stays_as_large()
    {
        for (var i = 0; i < 10; i++) Append(Minute(i));

        Assert.Equal([6, 7, 8, 9], Numbers(Read()));
        Assert.Equal(4 * MinuteRecordFormat.Size, new FileInfo(File).Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(MinuteRecordFormat.Size - 1)]
    public void Half_a_record_is_none_and_the_next_takes_its_place(int written)
    {
        Append(Minute(1), Minute(2));
        using (var file = System.IO.File.OpenWrite(File)) file.SetLength(MinuteRecordFormat.Size + written);

        Assert.Equal([1], Numbers(Read()));
        Append(Minute(3));
        Assert.Equal([1, 3], Numbers(Read()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(900)]
    public void A_record_half_overwritten_by_the_next_round_is_none(int overwritten)
    {
        Append(Minute(1), Minute(2), Minute(3), Minute(4));
        var next = new byte[MinuteRecordFormat.Size];
        var slow = new LatencyHistogram();
        slow.Add(TimeSpan.FromHours(1));
        MinuteRecordFormat.Write(next, 4, Minute(5) with { Traffic = TrafficCounts.None with { Latencies = slow.Read() } });
        using (var file = System.IO.File.OpenWrite(File)) file.Write(next.AsSpan(0, overwritten));

        // Of its first bytes alone, which every record has, nothing was overwritten.
        var first = overwritten == 1 ? new[] { 1 } : [];
        Assert.Equal([.. first, 2, 3, 4], Numbers(Read()));
        Append(Minute(6));
        Assert.Equal([2, 3, 4, 6], Numbers(Read()));
    }

    [Fact]
    public void Every_single_wrong_byte_is_noticed()
    {
        Append(Minute(1));
        var whole = System.IO.File.ReadAllBytes(File);
        for (var i = 0; i < whole.Length; i++)
        {
            whole[i] ^= 0x10;
            Assert.Null(MinuteRecordFormat.Sequence(whole));
            Assert.Null(MinuteRecordFormat.Read(whole, A.App, DateTimeOffset.MinValue));
            whole[i] ^= 0x10;
        }
    }

    [Fact]
    public void What_is_no_ring_has_no_minutes_and_becomes_one()
    {
        System.IO.File.WriteAllBytes(File, [.. Enumerable.Range(0, 3000).Select(i => (byte)i)]);

        Assert.Empty(Read());
        Append(Minute(1));
        Assert.Equal([1], Numbers(Read()));
    }

    [Fact]
    public void Nobody_else_may_read_the_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        Append(Minute(1));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite,
            OperatingSystem.IsWindows() ? default : System.IO.File.GetUnixFileMode(File));
    }

    private static readonly ReleaseId Release = ReleaseId.New();

    private static MinuteRecord Minute(int number) => new(
        A.Moment + TimeSpan.FromMinutes(number), new(A.App, A.Web), Release, TrafficCounts.None with { Requests = number },
        1, TimeSpan.Zero, 0);

    private static int[] Numbers(IEnumerable<MinuteRecord> records) =>
        [.. records.Select(r => (int)(r.Minute - A.Moment).TotalMinutes).Order()];

    /// <summary>Each time as a daemon that was just started.</summary>
    private void Append(params MinuteRecord[] records)
    {
        using var ring = new MetricsRing(File, capacity: 4);
        ring.Append(records);
    }

    private IReadOnlyList<MinuteRecord> Read(int since = 0)
    {
        using var ring = new MetricsRing(File, capacity: 4);
        return ring.Read(A.App, A.Moment + TimeSpan.FromMinutes(since));
    }
}

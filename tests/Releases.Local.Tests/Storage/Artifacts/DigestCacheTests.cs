using Xunit;

namespace Releases.Local.Tests.Storage.Artifacts;

/// <summary>What is remembered of a publish folder.</summary>
public sealed class DigestCacheTests : ArtifactTest
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Is_the_digest_of_a_file_that_nothing_touched_since()
    {
        var published = Remember();
        var cache = DigestCache.Open(Home, Published);
        foreach (var entry in published.Entries) Assert.Equal(entry.Sha256, cache.Known(entry));
        Assert.All(published.Entries, e => Assert.True(cache.IsKnownCopy(e, FileStat.Of(published.Full(e))!.Value)));
        Assert.Null(DigestCache.Open(Home, Temporary).Known(published.Entries[0]));
    }

    [Fact]
    public void Is_not_used_for_a_file_of_the_same_size_and_time_with_another_content()
    {
        Remember();
        var file = Path.Combine(Published, "wwwroot", "index.html");
        var time = File.GetLastWriteTimeUtc(file);
        File.WriteAllText(file, "HELLO");
        File.SetLastWriteTimeUtc(file, time);
        var changed = PublishFolder.Read(Published);
        Assert.Equal([true, false], changed.Entries.Select(e => DigestCache.Open(Home, Published).Known(e) is not null));
        Assert.Equal("3733cd977ff8eb18b987357e22ced99f46097f31ecb239e878ae63760e83e4d5",
            changed.Hashed(DigestCache.Open(Home, Published), Cancel).Entries[1].Sha256);
    }

    [Fact]
    public void Is_not_used_for_a_file_that_another_took_the_place_of()
    {
        Remember();
        var file = Path.Combine(Published, "wwwroot", "index.html");
        File.Copy(file, file + "2");
        File.Move(file + "2", file, overwrite: true);
        Assert.Null(DigestCache.Open(Home, Published).Known(PublishFolder.Read(Published).Entries[1]));
    }

    [Fact]
    public void Leaves_out_what_changed_in_the_moment_in_which_it_was_looked_at()
    {
        var published = PublishFolder.Read(Published).Hashed(null, Cancel);
        var latest = published.Entries.Max(e => e.Stat!.Value.Changed);
        DigestCache.Open(Home, Published).Save(published, latest + 1, published.Full);
        Assert.All(published.Entries, e => Assert.Null(DigestCache.Open(Home, Published).Known(e)));
    }

    [Fact]
    public void Is_nothing_if_the_file_is_cut_off_or_changed_anywhere()
    {
        var published = Remember();
        var file = Assert.Single(Directory.GetFiles(Home.Digests));
        var whole = File.ReadAllBytes(file);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(file, whole[..length]);
            Assert.Null(DigestCache.Open(Home, Published).Known(published.Entries[0]));
            var changed = whole.ToArray();
            changed[length] ^= 1;
            File.WriteAllBytes(file, changed);
            Assert.Null(DigestCache.Open(Home, Published).Known(published.Entries[0]));
        }
    }

    [Fact]
    public void Is_kept_of_a_hundred_publish_folders()
    {
        HomeFolder.CreatePrivate(Home.Digests);
        foreach (var n in Enumerable.Range(0, 120))
        {
            var old = Path.Combine(Home.Digests, $"{n}");
            File.WriteAllText(old, "");
            File.SetLastWriteTimeUtc(old, DateTime.UnixEpoch.AddDays(n));
        }

        Remember();
        Assert.Equal(100, Directory.GetFiles(Home.Digests).Length);
        Assert.NotNull(DigestCache.Open(Home, Published).Known(PublishFolder.Read(Published).Entries[0]));
    }

    /// <summary>As if the files had been published a while ago.</summary>
    private PublishFolder Remember()
    {
        HomeFolder.CreatePrivate(Home.Folder);
        var published = PublishFolder.Read(Published).Hashed(null, Cancel);
        var latest = published.Entries.Max(e => e.Stat!.Value.Changed);
        DigestCache.Open(Home, Published).Save(published, latest + Second, published.Full);
        return published;
    }
}

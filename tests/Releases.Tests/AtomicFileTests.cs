using Xunit;

namespace Releases.Tests;

/// <summary>A file is the old one or the new one, and a write that fails leaves nothing beside it.</summary>
public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convox-atomic-").FullName;

    private string Target => Path.Combine(_folder, "file");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Replaces_a_file_and_leaves_nothing_else()
    {
        AtomicFile.Write(Target, "one"u8);
        AtomicFile.Write(Target, "two"u8, isDurable: false);
        Assert.Equal("two", Read());
        Assert.Equal([Target], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Creates_a_file_with_its_mode_and_never_over_another_one()
    {
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.True(AtomicFile.TryCreate(Target, "one"u8, Mode));
        Assert.False(AtomicFile.TryCreate(Target, "two"u8, Mode));
        Assert.Equal("one", Read());
        Assert.Equal([Target], Directory.GetFiles(_folder));
        if (!OperatingSystem.IsWindows()) Assert.Equal(Mode, File.GetUnixFileMode(Target));
    }

    [Fact]
    public async Task Keeps_the_old_file_if_the_new_one_fails_halfway()
    {
        AtomicFile.Write(Target, "one"u8);
        await Assert.ThrowsAsync<InvalidDataException>(() => AtomicFile.Write<int>(Target, async to =>
        {
            await to.WriteAsync("tw"u8.ToArray(), TestContext.Current.CancellationToken);
            throw new InvalidDataException();
        }));
        Assert.Equal("one", Read());
        Assert.Equal([Target], Directory.GetFiles(_folder));
        Assert.Equal(3, await AtomicFile.Write(Target, async to =>
        {
            await to.WriteAsync("two"u8.ToArray(), TestContext.Current.CancellationToken);
            return 3;
        }));
        Assert.Equal("two", Read());
    }

    private string Read() => File.ReadAllText(Target);
}

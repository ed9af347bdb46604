using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Releases.Tests;

/// <summary>Why a file can't be used, in words that a person can act on.</summary>
public sealed class FailureReasonTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convox-reason-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("", "it is a folder")]
    [InlineData("none", "it doesn't exist")]
    [InlineData("none/file", "its folder doesn't exist")]
    public void A_file_that_cannot_be_read(string name, string reason)
    {
        var path = Path.Join(_folder, name);
        Assert.Equal(reason, FailureReason.OfFile(Assert.ThrowsAny<Exception>(() => File.ReadAllBytes(path)), path));
    }

    [Theory]
    [InlineData("", "it is a folder")]
    [InlineData("none/file", "its folder doesn't exist")]
    public void A_file_that_cannot_be_written(string name, string reason)
    {
        var path = Path.Join(_folder, name);
        Assert.Equal(reason, FailureReason.OfFile(Assert.ThrowsAny<Exception>(() => AtomicFile.Write(path, "one"u8)), path));
    }

    [Fact]
    public void A_folder_that_cannot_be_created()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        Assert.Equal("it is a file", Reason(file));
        Assert.Equal($"'{file}' is a file", Reason(Path.Combine(file, "below", "it")));
        if (OperatingSystem.IsLinux()) Assert.Equal("its file system takes no new files", Reason("/proc/none"));

        static string Reason(string path) =>
            FailureReason.OfFolder(Assert.ThrowsAny<Exception>(() => Directory.CreateDirectory(path)), path);
    }

    [Fact]
    public void A_content_that_cannot_be_used()
    {
        using var empty = new MemoryStream();
        Assert.Equal("it ends too early", FailureReason.OfContent(Assert.Throws<EndOfStreamException>(() => empty.ReadExactly(new byte[1]))));
        Assert.Equal(
            "a part of it isn't valid JSON", FailureReason.OfContent(Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse("{"))));
        Assert.Equal("its index names no release", FailureReason.OfContent(new InvalidDataException("its index names no release")));
    }

    [Fact]
    public void The_path_is_not_said_twice()
    {
        var full = Assert.ThrowsAny<IOException>(() => File.WriteAllText("/dev/full", "text"));
        Assert.Equal("No space left on device", FailureReason.OfFile(full, "/dev/full"));
    }

    [Fact]
    public void A_program_that_cannot_be_started()
    {
        var path = Path.Combine(_folder, "program");
        Assert.Equal("it isn't installed, or isn't on PATH", Reason());
        File.WriteAllText(path, "");
        Assert.Equal("it isn't executable for this user", Reason());

        string Reason() => FailureReason.OfProgram(Assert.Throws<Win32Exception>(() => Process.Start(path)));
    }
}

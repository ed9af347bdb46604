using System.ComponentModel;
using System.Diagnostics;
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

using System.Runtime.InteropServices;
using Xunit;

namespace Releases.Local.Tests.Storage.Artifacts;

/// <summary>What a record names is on the disk before the record is.</summary>
public sealed partial class PowerFailureTests : ArtifactTest
{
    /// <summary>The content has no place on the disk yet (delalloc), or isn't at its place yet (unwritten).</summary>
    private const uint NotWritten = 0x804;

    private const uint GetExtents = 0xC020660B;
    private const int Header = 32;
    private const int Extent = 56;
    private const int CountAt = 20;
    private const int RoomAt = 24;
    private const int FlagsAt = 40;

    [Fact]
    public async Task Files_of_an_artifact_and_of_a_working_copy_are_on_the_disk()
    {
        Assert.SkipUnless(IsWritten(Write("probe", new string('x', 10_000))) == false, "The file system doesn't show what is written.");
        Write("Hello.dll", new string('x', 10_000));
        var artifact = await Store();
        var copy = Path.Combine(Home.Work, "hello", $"{ReleaseId.New()}", "web");
        await Artifacts.Materialize(artifact, copy, cancel: Cancel);

        string[] files = ["Hello.dll", "probe"];
        foreach (var folder in (string[])[Artifacts.FilesOf(artifact.Digest), copy])
            Assert.All(files, f => Assert.True(IsWritten(Path.Combine(folder, f))));
        Assert.True(IsWritten(Path.Combine(Home.ArtifactOf(artifact.Digest), ArtifactManifest.FileName)));
    }

    [Fact]
    public void Files_of_a_copy_of_the_tool_are_on_the_disk()
    {
        var program = Write("dotnet-convox", new string('x', 10_000));
        Assert.SkipUnless(IsWritten(program) == false, "The file system doesn't show what is written.");
        HomeFolder.Create(Home);

        var copy = new ToolCopy(Home, new(program, [], Published), Time).Make();

        Assert.True(IsWritten(copy.Program));
    }

    /// <summary>Determines whether the content of a file is on the disk, or returns null if the system doesn't show that.</summary>
    private static unsafe bool? IsWritten(string path)
    {
        using var file = File.OpenHandle(path);
        Span<byte> answer = stackalloc byte[Header + (8 * Extent)];
        answer.Clear();
        MemoryMarshal.Write(answer[8..], ulong.MaxValue);
        MemoryMarshal.Write(answer[RoomAt..], 8u);
        fixed (byte* start = answer)
            if (ioctl(file, GetExtents, start) != 0) return null;
        var count = (int)MemoryMarshal.Read<uint>(answer[CountAt..]);
        for (var i = 0; i < count; i++)
            if ((MemoryMarshal.Read<uint>(answer[(Header + (i * Extent) + FlagsAt)..]) & NotWritten) != 0) return false;
        return count > 0;
    }

#pragma warning disable IDE1006, CA5392 // This is the C library's name.
    [LibraryImport("libc")]
    private static unsafe partial int ioctl(SafeHandle file, nuint request, byte* answer);
#pragma warning restore IDE1006, CA5392
}

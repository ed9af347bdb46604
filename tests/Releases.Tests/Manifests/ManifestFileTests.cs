using System.Text;
using Xunit;

namespace Releases.Tests.Manifests;

/// <summary>What may be in the place of convox.yml; nothing there is ignored, read without end, or called a bug.</summary>
public sealed class ManifestFileTests : IDisposable
{
    private const string Text = "services: { web: { port: 8080 } }\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("convox-manifest-").FullName;

    private string File => Path.Combine(_folder, ManifestReader.FileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Nothing_is_nothing() => Assert.Null(await Read());

    [Fact]
    public async Task A_byte_order_mark_is_no_text()
    {
        await System.IO.File.WriteAllTextAsync(File, Text, Encoding.UTF8, Cancel);
        Assert.Equal(Text, (await Read())!.Text);
    }

    [Fact]
    public async Task A_folder_is_refused()
    {
        Directory.CreateDirectory(File);
        Assert.Equal("the file can't be read: it is a folder.", await Refusal());
    }

    [Fact]
    public async Task A_link_to_nothing_is_refused()
    {
        System.IO.File.CreateSymbolicLink(File, "gone.yml");
        Assert.Equal("the file can't be read: it is a link to 'gone.yml', which doesn't exist.", await Refusal());
    }

    [Fact]
    public async Task A_link_to_a_file_is_read()
    {
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "shared"), Text, Cancel);
        System.IO.File.CreateSymbolicLink(File, "shared");
        Assert.Equal(Text, (await Read())!.Text);
    }

    [Fact]
    public async Task What_never_ends_is_read_up_to_the_limit()
    {
        System.IO.File.CreateSymbolicLink(File, "/dev/zero");
        Assert.Equal("the file is larger than 256 KiB, the limit. No release was created.", await Refusal());
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public async Task Another_encoding_is_refused(string encoding)
    {
        await System.IO.File.WriteAllTextAsync(File, Text, Encoding.GetEncoding(encoding), Cancel);
        Assert.Equal("the file isn't UTF-8 text.", await Refusal());
    }

    [Theory]
    [InlineData("convox.yaml")]
    [InlineData("Convox.yml")]
    [InlineData("CONVOX.YAML")]
    public async Task A_name_that_is_nearly_right_is_refused(string name)
    {
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, name), Text, Cancel);
        var refused = (await Assert.ThrowsAsync<ProblemException>(Read)).Problems[0];
        Assert.Equal("the file isn't used, because its name isn't convox.yml.", refused.Message);
        Assert.Equal(name, Path.GetFileName(refused.Location!.File));

        await System.IO.File.WriteAllTextAsync(File, Text, Cancel);
        Assert.NotNull(await Read());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Task<ManifestFile?> Read() => ManifestFile.Read(_folder, Cancel);

    private async Task<string> Refusal()
    {
        var refused = (await Assert.ThrowsAsync<ProblemException>(Read)).Problems[0];
        Assert.Equal((ProblemCode.Manifest, File), (refused.Code, refused.Location!.File));
        return refused.Message;
    }
}

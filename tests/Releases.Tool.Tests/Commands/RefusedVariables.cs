using System.Text;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>A file of variables that is refused changes nothing in the rack.</summary>
public sealed class RefusedVariables : Typing
{
    private const int Wanted = 100;

    [Fact]
    public async Task Leave_the_rack_as_it_was()
    {
        await Rack.Store.App(cancel: Ending);
        await Type("env", "set", "KEPT=1");
        var (before, refused) = (await Everything(), 0);
        foreach (var text in new EnvironmentTexts(20261126).Take(Wanted * 20))
        {
            if (refused == Wanted) break;
            if (!IsRefused(text)) continue;
            refused++;
            await File.WriteAllBytesAsync(Path.Combine(Folder, "it.env"), Encoding.UTF8.GetBytes(text), Ending);
            Assert.Equal(2, await Type("env", "set", "GOOD=1", "--file", "it.env", "--replace"));
            Assert.StartsWith("error CONVOX0005: ", Talk, StringComparison.Ordinal);
            Assert.Equal("", Data);
            Assert.Equal(before, await Everything());
        }

        Assert.Equal(Wanted, refused);
    }

    [Theory]
    [InlineData(new byte[] { 0x41, 0x3D, 0xC3, 0x28 })]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x41, 0x00 })]
    [InlineData(new byte[] { 0x41, 0x3D, 0x31, 0x0A, 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0x00, 0x01, 0x02, 0x03 })]
    public async Task That_are_no_text_leave_it_too(byte[] bytes)
    {
        await Rack.Store.App(cancel: Ending);
        await Type("env", "set", "KEPT=1");
        var before = await Everything();
        await File.WriteAllBytesAsync(Path.Combine(Folder, "it.env"), bytes, Ending);

        Assert.Equal(2, await Type("env", "set", "--file", "it.env"));
        Assert.Equal(before, await Everything());
    }

    private static bool IsRefused(string text)
    {
        try
        {
            EnvironmentSet.Of(EnvironmentText.Read(new StringReader(EnvironmentText.Lines(text)), "it"));
            return false;
        }
        catch (ProblemException)
        {
            return true;
        }
    }

    /// <summary>All that the rack has of the app.</summary>
    private async Task<string> Everything()
    {
        var releases = await Rack.Store.ListReleases(A.App, 100, cancel: Ending);
        var environments = new List<string>();
        foreach (var release in releases) environments.Add(string.Join(' ', await Rack.ReadEnvironment(release, Ending)));
        return string.Join('\n', [
            (await Rack.Store.RequireApp(A.App, Ending)).ToString(), .. releases.Select(r => r.ToString()), .. environments,
            .. (await Rack.Store.ListBuilds(A.App, 100, Ending)).Select(b => b.ToString()),
            .. (await Rack.Store.ListPromotions(A.App, 100, cancel: Ending)).Select(p => p.ToString()),
            .. (await Rack.Store.ListEvents(A.App, 100, Ending)).Select(e => e.ToString()),
        ]);
    }
}

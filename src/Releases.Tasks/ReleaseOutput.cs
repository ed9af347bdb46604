using System.Text;
using System.Text.Json;

namespace Releases.Tasks;

/// <summary>Writes the new release's ids for the steps after the publish.</summary>
internal static class ReleaseOutput
{
    private static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(10);

    /// <summary>Writes <c>release.json</c> atomically.</summary>
    public static async Task Write(string file, CreatedRelease created, string rack, CancellationToken cancel)
    {
        var (release, build) = (created.Release, created.Build);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var unfinished = file + ".new";
        await using (var stream = File.Create(unfinished))
        await using (var json = new Utf8JsonWriter(stream, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("release", release.Id.ToString());
            json.WriteNumber("version", release.Number);
            json.WriteString("build", build?.Id.ToString());
            json.WriteString("app", release.App.ToString());
            json.WriteString("rack", rack);
            json.WriteString("commit", release.Commit);
            json.WriteString("description", release.Description);
            json.WriteString("createdAt", release.CreatedAt);
            json.WriteEndObject();
            await json.FlushAsync(cancel);
        }

        File.Move(unfinished, file, overwrite: true);
    }

    /// <summary>
    /// Appends the ids to GitHub Actions' output file, if there is one. The projects of a solution may do so at the same time.
    /// </summary>
    public static async Task TellGitHub(CreatedRelease created, TimeProvider time, CancellationToken cancel)
    {
        if (Environment.GetEnvironmentVariable("GITHUB_OUTPUT") is not { Length: > 0 } file) return;
        var lines = Encoding.UTF8.GetBytes($"release_id={created.Release.Id}\nbuild_id={created.Build?.Id}\n");
        for (var began = time.GetTimestamp(); ;)
        {
            try
            {
                await using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.None);
                await stream.WriteAsync(lines, cancel);
                return;
            }
            catch (IOException) when (File.Exists(file) && time.GetElapsedTime(began) < RetryFor)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancel);
            }
        }
    }
}

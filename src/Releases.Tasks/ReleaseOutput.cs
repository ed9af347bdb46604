using System.Text;
using System.Text.Json;

namespace Releases.Tasks;

/// <summary>Writes the new release's ids for the steps after the publish.</summary>
internal static class ReleaseOutput
{
    private static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(10);

    /// <summary>Writes the result file, and the output file of GitHub Actions if there is one.</summary>
    public static async Task Write(string file, CreatedRelease created, string rack, TimeProvider time, CancellationToken cancel)
    {
        await Writing(file, created, () => WriteResult(file, created, rack));
        if (Environment.GetEnvironmentVariable("GITHUB_OUTPUT") is { Length: > 0 } output)
            await Writing($"{output} (GITHUB_OUTPUT)", created, () => AppendToGitHub(output, created, time, cancel));
    }

    /// <summary>Reports a file that can't be written as a problem that names the release, which was made.</summary>
    private static async Task Writing(string file, CreatedRelease created, Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new Problem(
                ProblemCode.OutputLost,
                $"release {created.Release.Id} was made, but its id can't be written to {file}: "
                    + $"{FailureReason.OfFile(failure, file)}.",
                PromotionOffer.Of(created.Release, "Promote it")).ToException();
        }
    }

    /// <summary>Writes <c>release.json</c>.</summary>
    private static Task WriteResult(string file, CreatedRelease created, string rack)
    {
        var (release, build) = (created.Release, created.Build);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var content = new MemoryStream();
        using (var json = new Utf8JsonWriter(content, new() { Indented = true }))
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
        }

        AtomicFile.Write(file, content.ToArray());
        return Task.CompletedTask;
    }

    /// <summary>
    /// Appends the ids to GitHub Actions' output file. The projects of a solution may do so at the same time.
    /// </summary>
    private static async Task AppendToGitHub(string file, CreatedRelease created, TimeProvider time, CancellationToken cancel)
    {
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
